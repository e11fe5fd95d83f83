import { CONFIG_PATH } from '../../src/model/config-path.ts';
import type { Chance } from '../differential/random/chance.ts';
import { CLUSTERS, makeEstate } from '../bench/estate.ts';

/** A repository by path. */
export type Files = Readonly<Record<string, string>>;

const FLUX = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n';

/** An estate in which most things that one file decides of another one occur. */
export function startingFiles(): Files {
  const files = makeEstate(40);
  for (const cluster of CLUSTERS) {
    files[`clusters/${cluster}/variables.yaml`] =
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: variables, namespace: flux-system}\ndata: {level: baseline, image: "web:1.0.0"}\n`;
    files[`clusters/${cluster}/flux-system/components.yaml`] = controller('v2.8.0', []);
    files[`clusters/${cluster}/tenants.yaml`] =
      `${FLUX}metadata: {name: tenants, namespace: flux-system}
spec:
  interval: 10m
  path: ./tenants/${cluster}
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  commonMetadata: {labels: {cluster: ${cluster}}}
  postBuild: {substituteFrom: [{kind: ConfigMap, name: variables}]}
  patches:
  - target: {kind: Kustomization}
    patch: |
      - {op: add, path: /spec/force, value: true}
`;
    files[`tenants/${cluster}/inner.yaml`] = `${FLUX}metadata: {name: inner, namespace: flux-system}
spec:
  interval: 10m
  path: ./tenants/inner
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild: {substituteFrom: [{kind: ConfigMap, name: variables}]}
`;
    files[`tenants/${cluster}/namespace.yaml`] =
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: tenant\n  labels: {pod-security.kubernetes.io/enforce: "${level}"}\n';
  }
  files['tenants/inner/pod.yaml'] =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: tenant}\nspec:\n  hostNetwork: false\n  containers:\n  - name: web\n    image: ${image} # {"$imagepolicy": "flux-system:web"}\n    securityContext: {privileged: false}\n';
  files['tenants/inner/release.yaml'] =
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: podinfo, namespace: tenant}\nspec:\n  interval: 1h\n  chart: {spec: {chart: podinfo, version: ">=1.0.0", sourceRef: {kind: HelmRepository, name: podinfo}}}\n';
  files['tenants/inner/own.yaml'] =
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: own, namespace: tenant}\nspec:\n  interval: 1h\n  chart: {spec: {chart: ./charts/own, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}\n';
  files['charts/own/Chart.yaml'] = 'apiVersion: v2\nname: own\nversion: 1.0.0\n';
  files['charts/own/values.yaml'] = 'a: 1\n';
  files['infra/automation.yaml'] =
    'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: images, namespace: flux-system}\nspec:\n  interval: 1h\n  sourceRef: {kind: GitRepository, name: flux-system}\n  git: {commit: {author: {email: bot@example.org}}, push: {branch: main}}\n  update: {path: ./tenants}\n---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: web, namespace: flux-system}\nspec:\n  imageRepositoryRef: {name: web}\n  policy: {semver: {range: ">=1.0.0"}}\n';
  files['clusters/production/infra.yaml'] =
    `${FLUX}metadata: {name: infra, namespace: flux-system}\nspec: {interval: 1h, path: ./infra, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}\n`;
  files[CONFIG_PATH] = CONFIGURATION;
  return files;
}

const CONFIGURATION = `version: 1
mode: enforce
clusters:
  production: {path: clusters/production, kubernetes: v1.31, flux: "2.8", podSecurity: {defaults: {enforce: baseline}}, tenants: []}
  staging: {environment: staging, podSecurity: {configuration: admission.yaml}}
podSecurity: {failOn: denied, podTemplates: []}
commitSignatures: {keys: []}
imagePolicy: {widest: {production: patch}, guards: []}
rules: {image-policy/floating-tag: on}
waivers: []
`;

function controller(version: string, args: readonly string[]): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: kustomize-controller
  namespace: flux-system
  labels: {app.kubernetes.io/part-of: flux, app.kubernetes.io/version: ${version}}
spec:
  selector: {matchLabels: {app: kustomize-controller}}
  template:
    metadata: {labels: {app: kustomize-controller}}
    spec: {containers: [{name: manager, image: ghcr.io/fluxcd/kustomize-controller:v1, args: ${JSON.stringify(args)}}]}
`;
}

/** Other texts for a part of a file, wherever it occurs. */
const SWAPS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/level: \w+/, ['level: privileged', 'level: restricted', 'level: baseline']],
  [/image: "web:[\d.]+"/, ['image: "web:2.0.0"', 'image: "web:1.0.1"']],
  [/privileged: \w+/, ['privileged: true', 'privileged: false']],
  [/hostNetwork: \w+/, ['hostNetwork: true', 'hostNetwork: false']],
  [/replicas: \d+/, ['replicas: 7', 'replicas: 8']],
  [/drop: \[\w*\]/, ['drop: []', 'drop: [ALL]']],
  [/enforce: \w+/, ['enforce: privileged', 'enforce: restricted', 'enforce: baseline']],
  [/namespace: team-\d+/, ['namespace: team-1', 'namespace: team-2']],
  [/path: \.\/tenants\/\w+/, ['path: ./tenants/inner', 'path: ./tenants/none']],
  [/postBuild: \{substitute: .*\}\}/, ['suspend: true', 'postBuild: {substitute: {region: us-2}}']],
  [/\$\{region\}/, ['$missing', '${absent}', '${region}']],
  [/name: variables/, ['name: others', 'name: variables']],
  [/branch: \w+/, ['branch: main', 'branch: updates']],
  [/patches: \[.*\]/, ['patches: []', 'patches: [{path: patch.yaml}]']],
  [/range: ".*"/, ['range: "*"', 'range: ">=1.0.0 <2.0.0"']],
  [/url: \S+/, ['url: https://github.com/acme/other}', 'url: https://github.com/acme/estate}']],
  [/^a: \d/, ['a: 2', 'a: 3']],
  [/memory: \w+/, ['memory: 64Mi', 'memory: 128Mi']],
];

/** The same for the configuration, which decides from the base branch only. */
const SETTINGS: typeof SWAPS = [
  [
    /podSecurity: \{(?:defaults|exemptions|configuration).*?\}+(?=[,}])/,
    [
      'podSecurity: {defaults: {enforce: restricted, warn: restricted}}',
      'podSecurity: {defaults: {enforce: baseline, enforce-version: v1.25}}',
      'podSecurity: {exemptions: {namespaces: [tenant, team-1]}}',
      'podSecurity: {exemptions: {usernames: ["system:serviceaccount:flux-system:x"], runtimeClasses: [a]}}',
      'podSecurity: {configuration: admission.yaml}',
    ],
  ],
  [/path: clusters\/\w+/, ['path: clusters/production', 'path: clusters/staging', 'path: tenants']],
  [/kubernetes: v1\.\d+/, ['kubernetes: v1.24', 'kubernetes: v1.31', 'kubernetes: v1.35']],
  [/flux: "2\.\d+"/, ['flux: "2.7"', 'flux: "2.8"', 'flux: "2.9"']],
  [/environment: \w+/, ['environment: production', 'environment: staging']],
  [/ staging: /, [' development: ', ' other: ', ' staging: ']],
  [/ development: | other: /, [' staging: ']],
  [/tenants: \[.*?\]/, ['tenants: [tenant]', 'tenants: ["*"]', 'tenants: []']],
  [
    /podTemplates: \[.*?\]/,
    ['podTemplates: [{group: example.org, kind: Widget, path: spec}]', 'podTemplates: []'],
  ],
  [/failOn: \w+/, ['failOn: risk', 'failOn: denied']],
  [/mode: \w+/, ['mode: advisory', 'mode: enforce']],
  [/keys: \[.*?\]/, ['keys: ["keys/*.asc"]', 'keys: []']],
  [/widest: \{production: \w+\}/, ['widest: {production: exact}', 'widest: {production: major}']],
  [
    /image-policy\/floating-tag: \w+|gitops\/failed-build: \w+/,
    [
      'image-policy/floating-tag: off',
      'image-policy/floating-tag: advice',
      'gitops/failed-build: off',
    ],
  ],
  [
    /waivers: \[.*?\]/,
    [
      'waivers: [{rule: pod-security/host-namespaces, subject: Pod/tenant/web, owner: "@acme", reason: a test, expires: 2026-06-01}]',
      'waivers: []',
    ],
  ],
  // A file that cannot be in force.
  [/^version: \d/, ['version: 2', 'version: 1']],
];

/** What files that come or go decide of the rest. */
const BROUGHT: Files = {
  '.sourceignore': 'tenants/inner/pod.yaml\n',
  'apps/.sourceignore': 'app-1\n',
  'tenants/inner/kustomization.yaml': 'resources: [pod.yaml]\nnamespace: tenant\n',
  'tenants/inner/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: {name: key, namespace: tenant}\nstringData:\n  key: |\n    -----BEGIN OPENSSH PRIVATE KEY-----\n    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n    -----END OPENSSH PRIVATE KEY-----\n',
  'tenants/inner/broken.yaml': 'a: [\n',
  'charts/web/Chart.yaml': 'name: web\n',
  'charts/web/templates/pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: "x"}\n',
  'infra/guard.yaml':
    'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: images}\nspec:\n  validationFailureAction: Enforce\n  rules:\n  - name: signed\n    match: {any: [{resources: {kinds: [Pod]}}]}\n    verifyImages: [{imageReferences: ["*"], attestors: [{entries: [{keys: {publicKeys: "x"}}]}]}]\n',
  'infra/waived.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: waived, namespace: tenant}\nspec:\n  # fluxgate: ignore pod-security/host-namespaces by @acme until 2026-06-01 because of a test\n  hostNetwork: true\n  containers: [{name: a, image: "a:1"}]\n',
  'infra/release.yaml':
    'apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: podinfo, namespace: tenant}\nspec: {interval: 1h, url: https://example.org}\n',
  'clusters/staging/gates.yaml': controller('v2.7.0', [
    '--feature-gates=StrictPostBuildSubstitutions=true',
  ]),
  'clusters/development/flux-system/kustomization.yaml':
    'resources: [gotk-sync.yaml, components.yaml]\npatches:\n- target: {kind: Deployment}\n  path: flags.yaml\n',
  'clusters/development/flux-system/flags.yaml':
    '- {op: add, path: /spec/template/spec/containers/0/args/-, value: --feature-gates=StrictPostBuildSubstitutions=true}\n',
  'admission.yaml':
    'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\ndefaults: {enforce: restricted}\n',
  [CONFIG_PATH]: CONFIGURATION,
  'keys/someone.asc': '-----BEGIN PGP PRIVATE KEY BLOCK-----\n',
};

/** The same repository after one or two random edits. */
export function edited(files: Files, chance: Chance): Files {
  let next = files;
  for (let edits = 1 + chance.below(2); edits > 0; edits -= 1) next = editedOnce(next, chance);
  return next;
}

function editedOnce(files: Files, chance: Chance): Files {
  const kind = chance.below(13);
  if (kind >= 10) return configured(files, chance);
  if (kind < 6) return swapped(files, chance);
  if (kind < 9) return brought(files, chance);
  const path = one(Object.keys(files), chance);
  return without(files, path);
}

function swapped(files: Files, chance: Chance): Files {
  const [pattern, texts] = SWAPS[chance.below(SWAPS.length)] ?? [/^$/, []];
  const paths = Object.keys(files).filter((path) => pattern.test(files[path] ?? ''));
  if (paths.length === 0) return files;
  const path = one(paths, chance);
  return { ...files, [path]: (files[path] ?? '').replace(pattern, () => one(texts, chance)) };
}

function configured(files: Files, chance: Chance): Files {
  const text = files[CONFIG_PATH] ?? CONFIGURATION;
  const fitting = SETTINGS.filter(([pattern]) => pattern.test(text));
  const [pattern, texts] = fitting[chance.below(fitting.length)] ?? [/^$/, []];
  return { ...files, [CONFIG_PATH]: text.replace(pattern, () => one(texts, chance)) };
}

/** Brings a file, or takes it away where it is there. */
function brought(files: Files, chance: Chance): Files {
  const path = one(Object.keys(BROUGHT), chance);
  return path in files ? without(files, path) : { ...files, [path]: BROUGHT[path] ?? '' };
}

function without(files: Files, path: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([other]) => other !== path));
}

function one(texts: readonly string[], chance: Chance): string {
  return texts[chance.below(texts.length)] ?? '';
}
