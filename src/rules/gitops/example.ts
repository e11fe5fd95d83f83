/** A cluster that applies itself, with one Kustomization `apps`, for examples in documentation. */
export function exampleCluster(path: string, more = '') {
  return {
    'clusters/production/flux-system/gotk-sync.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {url: https://github.com/acme/fleet, interval: 1m}
---
${exampleKustomization('flux-system', './clusters/production')}`,
    'clusters/production/apps.yaml': exampleKustomization('apps', path, more),
  };
}

/** A Flux Kustomization; `more` are further lines of its spec, indented by two. */
export function exampleKustomization(name: string, path: string, more = ''): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec:
  interval: 10m
  path: ${path}
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
${more}`;
}

export const EXAMPLE_SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: web}
spec: {ports: [{port: 80}]}
`;
