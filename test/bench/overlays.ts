const BASES = 20;

export const OVERLAYS = 1000;

/** Overlays with what real ones use most, and their bases. */
export function makeOverlays(): { files: Record<string, string>; directories: string[] } {
  const files: Record<string, string> = {};
  for (let base = 0; base < BASES; base += 1) {
    files[`bases/${base}/kustomization.yaml`] = 'resources:\n- app.yaml\n';
    files[`bases/${base}/app.yaml`] = manifests(`app-${base}`);
  }
  for (let at = 0; at < OVERLAYS; at += 1) {
    files[`overlays/${at}/settings.env`] = `LEVEL=${at}\nMODE=fast\n`;
    files[`overlays/${at}/kustomization.yaml`] = `resources:
- ../../bases/${at % BASES}
namespace: team-${at}
nameSuffix: "-${at}"
labels:
- pairs: {team: "${at}"}
  includeSelectors: true
images:
- name: registry.example.com/app
  newTag: v1.${at}.0
configMapGenerator:
- name: settings
  envs: [settings.env]
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: app-${at % BASES}
    spec:
      replicas: ${at % 5}
      template:
        spec:
          containers:
          - name: app
            envFrom:
            - configMapRef: {name: settings}
`;
  }
  return { files, directories: Array.from({ length: OVERLAYS }, (_, at) => `overlays/${at}`) };
}

function manifests(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: app
        image: registry.example.com/app:1.0.0
        ports:
        - containerPort: 8080
        resources:
          limits: {memory: 128Mi}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
`;
}
