/**
 * The controls of the Pod Security Standards under their own names: what a rule, a finding and a
 * page of the documentation are about. Two checks may be faces of one control.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const CONTROLS = [
  'host-process',
  'host-namespaces',
  'privileged-containers',
  'capabilities',
  'hostpath-volumes',
  'host-ports',
  'host-probes-lifecycle-hooks',
  'apparmor',
  'selinux',
  'proc-mount-type',
  'seccomp',
  'sysctls',
  'volume-types',
  'privilege-escalation',
  'running-as-non-root',
  'running-as-non-root-user',
] as const;

export type Control = (typeof CONTROLS)[number];
