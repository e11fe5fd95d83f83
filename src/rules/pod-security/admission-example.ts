/** The files of an example: an admission configuration, and the settings that name it. */
export function admissionExample(body: string, isNamed = true): Record<string, string> {
  return {
    'cluster/pod-security.yaml': `apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n${body}`,
    ...(isNamed && {
      '.github/fluxgate.yaml':
        'version: 1\nclusters:\n  production:\n    path: apps\n    podSecurity:\n      configuration: cluster/pod-security.yaml\n',
    }),
  };
}
