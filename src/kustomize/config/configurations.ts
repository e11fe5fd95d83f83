import type { LocatedMap, LocatedScalar } from '../../model/located.ts';
import type { Site, SourceText } from '../../model/source.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { type BuildContext, fail } from '../context.ts';
import { loadText } from '../files.ts';
import { decode } from '../kustomization/decode.ts';
import { FIELD_SPEC, type Fields, type Shape, struct, TEXT } from '../kustomization/shape.ts';
import { isOn, mapsOf } from '../kustomization/texts.ts';
import type { Gvk } from '../resource-id.ts';
import {
  ConfigConflict,
  defaultConfig,
  EMPTY_CONFIG,
  FIELD_SPEC_SECTIONS,
  type FieldSpec,
  type FieldSpecSection,
  mergeConfigs,
  type NameReference,
  sortConfig,
  type TransformerConfig,
} from './transformer-config.ts';

const SPECS: Shape = { kind: 'list', of: struct(FIELD_SPEC) };
const CONFIGURATION: Fields = {
  ...(Object.fromEntries(FIELD_SPEC_SECTIONS.map((section) => [section, SPECS])) as Fields),
  nameReference: {
    kind: 'list',
    of: struct({ group: TEXT, version: TEXT, kind: TEXT, fieldSpecs: SPECS }),
  },
};

/** What `configurations` add to the fields that kustomize touches, over its defaults. */
export function readConfigurations(
  context: BuildContext,
  directory: string,
  entries: readonly LocatedScalar[],
): TransformerConfig {
  let own: TransformerConfig = EMPTY_CONFIG;
  for (const entry of entries) {
    const source = loadText(context, directory, entry);
    const config = source && readConfiguration(context, source);
    if (config) own = addConfig(context, own, config, entry);
  }
  return entries.length === 0
    ? defaultConfig()
    : addConfig(context, defaultConfig(), own, entries[0]);
}

/** Merges two configurations; a conflict is reported at the site. */
export function addConfig(
  context: BuildContext,
  base: TransformerConfig,
  added: TransformerConfig,
  site: Site | undefined,
): TransformerConfig {
  const merged = mergeConfigs(base, added);
  if (!(merged instanceof ConfigConflict)) return merged;
  const message = `The field ${merged.spec.path} is configured twice, once to be created and once not.`;
  if (site) fail(context, 'bad-configuration', message, site);
  return base;
}

function readConfiguration(
  context: BuildContext,
  source: SourceText,
): TransformerConfig | undefined {
  const { documents, problems } = parseYaml(source, 'kustomization');
  for (const problem of problems) fail(context, 'bad-yaml', problem.message, problem);
  const [document] = documents;
  if (document === undefined) return undefined;
  const { value, faults } = decode(document, CONFIGURATION, 'no-unknown', 'A configuration');
  for (const { code, message, site } of faults) fail(context, code, message, site);
  const sections: Partial<Record<FieldSpecSection, readonly FieldSpec[]>> = {};
  for (const section of FIELD_SPEC_SECTIONS) sections[section] = fieldSpecsOf(value, section);
  const nameReference = mapsOf(value, 'nameReference').map((node): NameReference => ({
    ...gvkOf(node),
    referrers: fieldSpecsOf(node, 'fieldSpecs'),
  }));
  return sortConfig({ ...EMPTY_CONFIG, ...sections, nameReference });
}

/** The field specs of a decoded list field. */
export function fieldSpecsOf(map: LocatedMap, field: string): readonly FieldSpec[] {
  return mapsOf(map, field).map((node) => ({
    ...gvkOf(node),
    path: node.text('path') ?? '',
    create: isOn(node, 'create'),
  }));
}

function gvkOf(node: LocatedMap): Gvk {
  return {
    group: node.text('group') ?? '',
    version: node.text('version') ?? '',
    kind: node.text('kind') ?? '',
  };
}
