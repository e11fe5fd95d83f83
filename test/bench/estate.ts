/** Clusters of a generated estate. */
export const CLUSTERS = ['development', 'staging', 'production'];

/** Manifests of one application: a base of four, and a patch and a Kustomization a cluster. */
const MANIFESTS = 4 + 2 * CLUSTERS.length;

/**
 * A repository of about so many manifests in the usual layout: a base an application, an overlay
 * for each cluster, and a Kustomization that applies it.
 */
export function makeEstate(manifests: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (const cluster of CLUSTERS) {
    files[`clusters/${cluster}/flux-system/gotk-sync.yaml`] = `${source()}---\n${kustomization(
      'flux-system',
      `./clusters/${cluster}`,
    )}`;
    files[`clusters/${cluster}/namespaces.yaml`] = namespaces(cluster);
  }
  for (let at = 0; at < manifests / MANIFESTS; at += 1) {
    const base = `apps/app-${at}/base`;
    files[`${base}/kustomization.yaml`] =
      'resources: [deployment.yaml, service.yaml, account.yaml, settings.yaml]\n';
    files[`${base}/deployment.yaml`] = deployment(`app-${at}`);
    files[`${base}/service.yaml`] = service(`app-${at}`);
    files[`${base}/account.yaml`] =
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app-${at}}\n`;
    files[`${base}/settings.yaml`] =
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app-${at}}\ndata: {mode: fast}\n`;
    for (const cluster of CLUSTERS) {
      const overlay = `apps/app-${at}/${cluster}`;
      files[`${overlay}/kustomization.yaml`] =
        `resources: [../base]\nnamespace: team-${at % TEAMS}\npatches: [{path: patch.yaml}]\n`;
      files[`${overlay}/patch.yaml`] = patch(`app-${at}`, cluster);
      files[`clusters/${cluster}/app-${at}.yaml`] = kustomization(`app-${at}`, `./${overlay}`);
    }
  }
  return files;
}

const TEAMS = 20;

function namespaces(cluster: string): string {
  const level = cluster === 'production' ? 'restricted' : 'baseline';
  return Array.from(
    { length: TEAMS },
    (_, team) => `apiVersion: v1
kind: Namespace
metadata:
  name: team-${team}
  labels:
    pod-security.kubernetes.io/enforce: ${level}
    pod-security.kubernetes.io/warn: restricted
`,
  ).join('---\n');
}

function source(): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://github.com/acme/estate}
`;
}

function kustomization(name: string, path: string): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec:
  interval: 10m
  path: ${path}
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild: {substitute: {region: eu-1}}
`;
}

function patch(name: string, cluster: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${cluster === 'production' ? 3 : 1}
  template:
    spec:
      containers:
      - name: app
        env: [{name: CLUSTER, value: ${cluster}}]
`;
}

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
      - name: app
        image: registry.example.com/${name}:1.0.0
        env:
        - name: REGION
          value: \${region}
        ports:
        - containerPort: 8080
        resources:
          limits: {memory: 128Mi}
        securityContext:
          allowPrivilegeEscalation: false
          capabilities: {drop: [ALL]}
`;
}

function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports: [{port: 80, targetPort: 8080}]
`;
}
