/**
 * The shape that Go's JSON decoder expects of a value.
 *
 * `inline` marks fields that kustomize keeps in embedded structs: where it reads leniently, it
 * does not turn numbers into texts in them.
 */
export type Shape =
  | { readonly kind: 'text'; readonly inline?: true }
  | { readonly kind: 'flag' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly of: Shape; readonly inline?: true }
  | { readonly kind: 'map'; readonly of: Shape; readonly inline?: true }
  | { readonly kind: 'struct'; readonly fields: Fields; readonly inline?: true };

export type Fields = Readonly<Record<string, Shape>>;

export const TEXT: Shape = { kind: 'text' };
const INLINE_TEXT: Shape = { kind: 'text', inline: true };
export const FLAG: Shape = { kind: 'flag' };
export const INTEGER: Shape = { kind: 'integer' };
export const TEXTS: Shape = { kind: 'list', of: TEXT };
const INLINE_TEXTS: Shape = { kind: 'list', of: TEXT, inline: true };
export const TEXT_MAP: Shape = { kind: 'map', of: TEXT };

export function struct(fields: Fields): Shape {
  return { kind: 'struct', fields };
}

function listOf(fields: Fields): Shape {
  return { kind: 'list', of: struct(fields) };
}

const GVK: Fields = { group: INLINE_TEXT, version: INLINE_TEXT, kind: INLINE_TEXT };
const RESOURCE_ID: Fields = { ...GVK, name: INLINE_TEXT, namespace: INLINE_TEXT };

export const SELECTOR: Fields = { ...RESOURCE_ID, annotationSelector: TEXT, labelSelector: TEXT };

export const FIELD_SPEC: Fields = { ...GVK, path: TEXT, create: FLAG };

export const OBJECT_META: Fields = {
  name: TEXT,
  namespace: TEXT,
  labels: TEXT_MAP,
  annotations: TEXT_MAP,
};

export const PATCH: Fields = {
  path: TEXT,
  patch: TEXT,
  target: struct(SELECTOR),
  options: struct({ allowNameChange: FLAG, allowKindChange: FLAG }),
};

export const IMAGE: Fields = {
  name: TEXT,
  newName: TEXT,
  tagSuffix: TEXT,
  newTag: TEXT,
  digest: TEXT,
};

const FIELD_OPTIONS: Fields = {
  delimiter: TEXT,
  index: INTEGER,
  encoding: TEXT,
  create: FLAG,
};

export const REPLACEMENT: Fields = {
  source: struct({ ...RESOURCE_ID, fieldPath: TEXT, options: struct(FIELD_OPTIONS) }),
  targets: listOf({
    select: struct(SELECTOR),
    reject: listOf(SELECTOR),
    fieldPaths: TEXTS,
    options: struct(FIELD_OPTIONS),
  }),
  sourceValue: TEXT,
};

const GENERATOR_OPTIONS: Fields = {
  labels: TEXT_MAP,
  annotations: TEXT_MAP,
  disableNameSuffixHash: FLAG,
  immutable: FLAG,
};

export const GENERATOR: Fields = {
  namespace: INLINE_TEXT,
  name: INLINE_TEXT,
  behavior: INLINE_TEXT,
  literals: INLINE_TEXTS,
  files: INLINE_TEXTS,
  envs: INLINE_TEXTS,
  env: INLINE_TEXT,
  options: { kind: 'struct', fields: GENERATOR_OPTIONS, inline: true },
};

export const SECRET_GENERATOR: Fields = { ...GENERATOR, type: TEXT };

export const REPLICA: Fields = { name: TEXT, count: INTEGER };

/** Charts are never rendered: their fields are only told apart from misspelt ones. */
const HELM_GLOBALS: Fields = { chartHome: TEXT, configHome: TEXT };
const HELM_CHART: Fields = {
  ...{ name: TEXT, version: TEXT, repo: TEXT, releaseName: TEXT, namespace: TEXT },
  ...{ nameTemplate: TEXT, additionalValuesFiles: TEXTS, valuesFile: TEXT, valuesMerge: TEXT },
  ...{ valuesInline: { kind: 'map', of: { kind: 'any' } }, includeCRDs: FLAG, skipHooks: FLAG },
  ...{ apiVersions: TEXTS, kubeVersion: TEXT, skipTests: FLAG, debug: FLAG, devel: FLAG },
};
const HELM_CHART_ARGS: Fields = {
  ...{ chartName: TEXT, chartVersion: TEXT, chartRepoUrl: TEXT, chartHome: TEXT },
  ...{ chartRepoName: TEXT, helmBin: TEXT, helmHome: TEXT, values: TEXT, valuesMerge: TEXT },
  ...{ valuesLocal: { kind: 'map', of: { kind: 'any' } }, releaseName: TEXT },
  ...{ releaseNamespace: TEXT, extraArgs: TEXTS },
};

/** Every field of a kustomization file (api `types/kustomization.go`). */
export const KUSTOMIZATION: Fields = {
  apiVersion: INLINE_TEXT,
  kind: INLINE_TEXT,
  metadata: struct(OBJECT_META),
  openapi: TEXT_MAP,
  namePrefix: TEXT,
  nameSuffix: TEXT,
  namespace: TEXT,
  commonLabels: TEXT_MAP,
  labels: listOf({
    pairs: TEXT_MAP,
    includeSelectors: FLAG,
    includeTemplates: FLAG,
    fields: listOf(FIELD_SPEC),
  }),
  commonAnnotations: TEXT_MAP,
  patchesStrategicMerge: TEXTS,
  patchesJson6902: listOf(PATCH),
  patches: listOf(PATCH),
  images: listOf(IMAGE),
  imageTags: listOf(IMAGE),
  replacements: listOf({ ...REPLACEMENT, path: TEXT }),
  replicas: listOf(REPLICA),
  vars: listOf({
    name: TEXT,
    objref: struct({ apiVersion: TEXT, ...GVK, name: TEXT, namespace: TEXT }),
    fieldref: struct({ fieldPath: TEXT }),
  }),
  sortOptions: struct({
    order: TEXT,
    legacySortOptions: struct({ orderFirst: TEXTS, orderLast: TEXTS }),
  }),
  resources: TEXTS,
  components: TEXTS,
  crds: TEXTS,
  bases: TEXTS,
  configMapGenerator: listOf(GENERATOR),
  secretGenerator: listOf(SECRET_GENERATOR),
  helmGlobals: struct(HELM_GLOBALS),
  helmCharts: listOf(HELM_CHART),
  helmChartInflationGenerator: listOf(HELM_CHART_ARGS),
  generatorOptions: struct(GENERATOR_OPTIONS),
  configurations: TEXTS,
  generators: TEXTS,
  transformers: TEXTS,
  validators: TEXTS,
  buildMetadata: TEXTS,
};
