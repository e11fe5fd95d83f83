import { LocatedMap, LocatedScalar } from '../../model/located.ts';
import { fieldSpecsOf } from '../config/configurations.ts';
import { type BuildContext, fail } from '../context.ts';
import { hashNames } from '../hash.ts';
import {
  FIELD_SPEC,
  type Fields,
  FLAG,
  IMAGE,
  OBJECT_META,
  PATCH,
  REPLACEMENT,
  REPLICA,
  SELECTOR,
  type Shape,
  struct,
  TEXT,
  TEXT_MAP,
  TEXTS,
} from '../kustomization/shape.ts';
import { isOn, mapsOf, textNodeOf, textsOf } from '../kustomization/texts.ts';
import { type Plugin, readPlugin, unknownPlugin } from '../plugins.ts';
import type { Transformer } from '../transform.ts';
import { imagesTransformer } from './images.ts';
import { mapEntriesTransformer } from './map-entries.ts';
import { nameAffixTransformer } from './name-affix.ts';
import { namespaceTransformer, type SubjectMode } from './namespace.ts';
import {
  patchJson6902Transformer,
  patchStrategicMergeTransformer,
  patchTransformer,
} from './patch.ts';
import { loadReplacements } from './replacement-files.ts';
import { replacementsTransformer } from './replacements.ts';
import { replicasTransformer } from './replicas.ts';
import { VALUE_ADD_TARGETS, valueAddTransformer } from './value-add.ts';

const SPECS: Shape = { kind: 'list', of: struct(FIELD_SPEC) };

type Make = (
  context: BuildContext,
  config: LocatedMap,
  directory: string,
) => readonly Transformer[];

/** Kustomize's own transformers: the fields that configure each, and how it is made of them. */
const TRANSFORMERS: Readonly<Record<string, { fields: Fields; make: Make }>> = {
  AnnotationsTransformer: {
    fields: { annotations: TEXT_MAP, fieldSpecs: SPECS },
    make: (context, config) => mapEntries(context, config, 'annotations', 'commonAnnotations'),
  },
  LabelTransformer: {
    fields: { labels: TEXT_MAP, fieldSpecs: SPECS },
    make: (context, config) => mapEntries(context, config, 'labels', 'labels'),
  },
  HashTransformer: {
    fields: {},
    make: (context) => [(drafts) => hashNames(context, drafts)],
  },
  ImageTagTransformer: {
    fields: { imageTag: struct(IMAGE), fieldSpecs: SPECS },
    make: (context, config) => {
      const image = config.map('imageTag') ?? new LocatedMap([], config);
      return [imagesTransformer(context, image, fieldSpecsOf(config, 'fieldSpecs'))];
    },
  },
  NamespaceTransformer: {
    fields: {
      ...{ metadata: struct(OBJECT_META), fieldSpecs: SPECS },
      ...{ unsetOnly: FLAG, setRoleBindingSubjects: TEXT },
    },
    make: makeNamespace,
  },
  PatchJson6902Transformer: {
    fields: { target: struct(SELECTOR), path: TEXT, jsonOp: TEXT },
    make: (context, config, directory) => [
      patchJson6902Transformer(context, config, directory, 'jsonOp'),
    ],
  },
  PatchStrategicMergeTransformer: {
    fields: { paths: TEXTS, patches: TEXT },
    make: makeStrategicMerge,
  },
  PatchTransformer: {
    fields: PATCH,
    make: (context, config, directory) => [patchTransformer(context, config, directory)],
  },
  PrefixSuffixTransformer: {
    fields: { prefix: TEXT, suffix: TEXT, fieldSpecs: SPECS },
    make: (context, config) => [
      ...makeAffix(context, config, 'namePrefix'),
      ...makeAffix(context, config, 'nameSuffix'),
    ],
  },
  PrefixTransformer: {
    fields: { prefix: TEXT, fieldSpecs: SPECS },
    make: (context, config) => makeAffix(context, config, 'namePrefix'),
  },
  SuffixTransformer: {
    fields: { suffix: TEXT, fieldSpecs: SPECS },
    make: (context, config) => makeAffix(context, config, 'nameSuffix'),
  },
  ReplacementTransformer: {
    fields: { replacements: { kind: 'list', of: struct({ ...REPLACEMENT, path: TEXT }) } },
    make: (context, config, directory) => [
      replacementsTransformer(
        context,
        loadReplacements(context, mapsOf(config, 'replacements'), directory),
      ),
    ],
  },
  ReplicaCountTransformer: {
    fields: { replica: struct(REPLICA), fieldSpecs: SPECS },
    make: (context, config) => {
      const replica = config.map('replica') ?? new LocatedMap([], config);
      return [replicasTransformer(context, replica, fieldSpecsOf(config, 'fieldSpecs'))];
    },
  },
  ValueAddTransformer: {
    fields: {
      value: TEXT,
      targetFilePath: TEXT,
      ...VALUE_ADD_TARGETS,
    },
    make: (context, config, directory) => [valueAddTransformer(context, config, directory)],
  },
};

/** The transformers that an object of `transformers` or `validators` asks for. */
export function pluginTransformer(
  context: BuildContext,
  plugin: Plugin,
  directory: string,
): readonly Transformer[] {
  const { kind } = plugin.draft.id;
  const known = Object.hasOwn(TRANSFORMERS, kind) ? TRANSFORMERS[kind] : undefined;
  if (known === undefined) {
    unknownPlugin(context, plugin, 'transformer');
    return [];
  }
  const config = readPlugin(context, plugin, known.fields);
  return config ? known.make(context, config, directory) : [];
}

function mapEntries(
  context: BuildContext,
  config: LocatedMap,
  field: 'labels' | 'annotations',
  by: string,
): readonly Transformer[] {
  const pairs = config.map(field);
  const specs = fieldSpecsOf(config, 'fieldSpecs');
  return pairs ? [mapEntriesTransformer(context, pairs, specs, by)] : [];
}

function makeNamespace(context: BuildContext, config: LocatedMap): readonly Transformer[] {
  const given = config.text('setRoleBindingSubjects') ?? '';
  const subjects = SUBJECT_MODES[given];
  if (subjects === undefined) {
    const message = `setRoleBindingSubjects takes defaultOnly, none or allServiceAccounts, not ${given}.`;
    fail(context, 'bad-plugin', message, config.get('setRoleBindingSubjects') ?? config);
    return [];
  }
  const namespace =
    config.map('metadata') && textNodeOf(config.map('metadata') ?? config, 'namespace');
  if (namespace === undefined) return [];
  const specs = fieldSpecsOf(config, 'fieldSpecs');
  const unsetOnly = isOn(config, 'unsetOnly');
  return [namespaceTransformer(context, { namespace, specs, unsetOnly, subjects })];
}

const SUBJECT_MODES: Readonly<Record<string, SubjectMode | undefined>> = {
  '': 'defaultOnly',
  defaultOnly: 'defaultOnly',
  none: 'none',
  allServiceAccounts: 'allServiceAccounts',
};

function makeAffix(
  context: BuildContext,
  config: LocatedMap,
  side: 'namePrefix' | 'nameSuffix',
): readonly Transformer[] {
  if (config.entry('fieldSpecs') === undefined) {
    fail(context, 'bad-plugin', 'This transformer needs fieldSpecs.', config);
    return [];
  }
  const affix = textNodeOf(config, side === 'namePrefix' ? 'prefix' : 'suffix');
  const specs = fieldSpecsOf(config, 'fieldSpecs');
  return affix ? [nameAffixTransformer(context, side, affix, specs)] : [];
}

function makeStrategicMerge(
  context: BuildContext,
  config: LocatedMap,
  directory: string,
): readonly Transformer[] {
  const paths = textsOf(config, 'paths');
  const inline = config.get('patches');
  const hasInline = inline instanceof LocatedScalar && inline.value !== '';
  if (paths.length === 0 && !hasInline) {
    fail(context, 'bad-plugin', 'This transformer needs paths or patches.', config);
    return [];
  }
  const entries = hasInline ? [...paths, inline] : paths;
  return [patchStrategicMergeTransformer(context, entries, directory)];
}
