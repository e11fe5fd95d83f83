import type { Entry, Located, LocatedMap, LocatedScalar } from '../../model/located.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { type BuildContext, fail } from '../context.ts';
import { loadText } from '../files.ts';
import { addConfig } from './configurations.ts';
import {
  EMPTY_CONFIG,
  type FieldSpec,
  type FieldSpecSection,
  type NameReference,
  type TransformerConfig,
} from './transformer-config.ts';

/** Types refer to each other; a definition that holds itself would never end. */
const MAX_DEPTH = 40;

/** Paths of one file: definitions that refer to each other twice double at every level. */
const MAX_SPECS = 5000;

/**
 * What the OpenAPI definitions of `crds` say about fields that hold names, labels or annotations
 * (api `accumulator/loadconfigfromcrds.go`). The files are maps of definitions by type, not
 * CustomResourceDefinition objects, which are refused as kustomize refuses them.
 */
export function readCrds(
  context: BuildContext,
  directory: string,
  entries: readonly LocatedScalar[],
): TransformerConfig {
  let config: TransformerConfig = EMPTY_CONFIG;
  for (const entry of entries) {
    const source = loadText(context, directory, entry);
    if (source === undefined) continue;
    const { documents, problems } = parseYaml(source, 'kustomization');
    for (const problem of problems) fail(context, 'bad-yaml', problem.message, problem);
    const [document] = documents;
    if (document === undefined) continue;
    const definitions = readDefinitions(context, document);
    if (definitions) config = addConfig(context, config, toConfig(definitions), entry);
  }
  return config;
}

function readDefinitions(
  context: BuildContext,
  document: Located,
): ReadonlyMap<string, LocatedMap> | undefined {
  const entries = document.kind === 'map' ? document.entries : [];
  const wrong = document.kind === 'map' ? entries.find(isNoMap)?.value : document;
  if (wrong !== undefined) {
    const message = 'A file of crds holds OpenAPI definitions by type, not an object or a list.';
    fail(context, 'bad-configuration', message, wrong);
    return undefined;
  }
  return new Map(
    entries.flatMap(({ key, value }) => {
      const properties = value.kind === 'map' ? propertiesOf(value) : undefined;
      return properties ? [[key, properties] as const] : [];
    }),
  );
}

function isNoMap({ value }: Entry): boolean {
  return value.kind !== 'map';
}

/** Go's JSON decoder takes names in any case. */
function propertiesOf(definition: LocatedMap): LocatedMap | undefined {
  const schema = definition.entries.find(({ key }) => key.toLowerCase() === 'schema')?.value;
  return schema?.kind === 'map' ? schema.map('properties') : undefined;
}

function toConfig(definitions: ReadonlyMap<string, LocatedMap>): TransformerConfig {
  const sections: Record<'commonAnnotations' | 'commonLabels' | 'namePrefix', FieldSpec[]> = {
    commonAnnotations: [],
    commonLabels: [],
    namePrefix: [],
  };
  const nameReference: NameReference[] = [];
  let count = 0;
  for (const [name, properties] of definitions) {
    const isObject = ['kind', 'apiVersion', 'metadata'].every((field) => properties.entry(field));
    if (isObject) walk(name.split('.').at(-1) ?? name, properties, []);
  }
  return {
    ...EMPTY_CONFIG,
    ...(sections as Partial<Record<FieldSpecSection, FieldSpec[]>>),
    nameReference,
  };

  function walk(kind: string, properties: LocatedMap, path: readonly string[]): void {
    if (path.length > MAX_DEPTH) return;
    for (const { key, value: property } of properties.entries) {
      count += 1;
      if (count > MAX_SPECS || property.kind !== 'map') return;
      const steps = [...path, key];
      const spec = specOf(kind, steps);
      if (property.text('x-kubernetes-annotation') !== undefined) {
        sections.commonAnnotations.push(spec);
      }
      if (property.text('x-kubernetes-label-selector') !== undefined) {
        sections.commonLabels.push(spec);
      }
      if (property.text('x-kubernetes-identity') !== undefined) sections.namePrefix.push(spec);
      const target = referenceOf(property);
      if (target) {
        const nameKey = property.text('x-kubernetes-object-ref-name-key') ?? 'name';
        nameReference.push({ ...target, referrers: [specOf(kind, [...steps, nameKey])] });
      }
      const referred = definitions.get(property.text('$ref') ?? '');
      if (referred) walk(kind, referred, steps);
    }
  }
}

function specOf(kind: string, steps: readonly string[]): FieldSpec {
  return { group: '', version: '', kind, path: steps.join('/'), create: false };
}

function referenceOf(property: LocatedMap): Omit<NameReference, 'referrers'> | undefined {
  const version = property.text('x-kubernetes-object-ref-api-version');
  const kind = property.text('x-kubernetes-object-ref-kind');
  return version === undefined || kind === undefined ? undefined : { group: '', version, kind };
}
