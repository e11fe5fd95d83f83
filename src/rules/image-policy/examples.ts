/** Objects that the documentation of several rules shows. */

export function imagePolicy(range: string): string {
  return `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: podinfo
  namespace: flux-system
spec:
  imageRepositoryRef:
    name: podinfo
  policy:
    semver:
      range: '${range}'
`;
}

export function tagPolicy(filterTags: string): string {
  return `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: podinfo
  namespace: flux-system
spec:
  imageRepositoryRef:
    name: podinfo
${filterTags}  policy:
    numerical:
      order: asc
`;
}

export function ociRepository(spec: string): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: podinfo
  namespace: flux-system
spec:
  interval: 10m
  url: oci://ghcr.io/stefanprodan/manifests/podinfo
${spec}`;
}

export const SEMVER_LINKS = [
  'https://fluxcd.io/flux/components/image/imagepolicies/#semver',
  'https://github.com/Masterminds/semver#checking-version-constraints',
];
