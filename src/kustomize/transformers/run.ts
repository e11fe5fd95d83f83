import { LocatedMap } from '../../model/located.ts';
import {
  ConfigConflict,
  type FieldSpec,
  mergeFieldSpecs,
  type TransformerConfig,
} from '../config/transformer-config.ts';
import { fieldSpecsOf } from '../config/configurations.ts';
import { type BuildContext, charge, fail, isSound } from '../context.ts';
import type { Draft } from '../draft.ts';
import type { Kustomization } from '../kustomization/load.ts';
import { isOn, mapsOf, textNodeOf, textsOf } from '../kustomization/texts.ts';
import { type Configurer, markTransformed, type Origin } from '../origin.ts';
import { configurerOf, isBuiltIn, type Plugin } from '../plugins.ts';
import type { Transformer } from '../transform.ts';
import { imagesTransformer } from './images.ts';
import { mapEntriesTransformer } from './map-entries.ts';
import { nameAffixTransformer } from './name-affix.ts';
import { namespaceTransformer } from './namespace.ts';
import {
  patchJson6902Transformer,
  patchStrategicMergeTransformer,
  patchTransformer,
} from './patch.ts';
import { pluginTransformer } from './plugin.ts';
import { loadReplacements } from './replacement-files.ts';
import { replacementsTransformer } from './replacements.ts';
import { replicasTransformer } from './replicas.ts';

interface Step {
  readonly transformer: Transformer;
  /** What kustomize calls the transformer. */
  readonly kind: string;
}

/** Plugins of a kustomization that change or check its objects. */
export interface TransformerPlugins {
  readonly transformers: readonly Plugin[];
  readonly validators: readonly Plugin[];
}

/**
 * Runs the transformers of a kustomization's fields in kustomize's order, then those of files, then
 * the validators (api `KustTarget.runTransformers`).
 */
export function runTransformers(
  context: BuildContext,
  kustomization: Kustomization,
  origin: Origin | undefined,
  plugins: TransformerPlugins,
  config: TransformerConfig,
  start: readonly Draft[],
): readonly Draft[] {
  const { directory, fileName } = kustomization;
  let drafts = start;
  const run = (transformer: Transformer, by: Configurer | undefined): void => {
    if (!isSound(context) || context.isStopped) return;
    const before = drafts;
    drafts = transformer(before);
    charge(context, stepsFrom(before, drafts), kustomization.root);
    if (origin?.marksTransformers) drafts = markTransformed(context, drafts, by);
  };
  for (const { transformer, kind } of stepsOf(context, kustomization, config)) {
    run(transformer, origin?.builtIn(fileName, kind));
  }
  for (const plugin of plugins.transformers) {
    if (!isBuiltIn(context, plugin)) continue;
    for (const transformer of pluginTransformer(context, plugin, directory)) {
      run(transformer, configurerOf(origin, plugin));
    }
  }
  for (const plugin of plugins.validators) {
    if (!isBuiltIn(context, plugin)) continue;
    const before = drafts;
    for (const transformer of pluginTransformer(context, plugin, directory)) {
      const after = transformer(before);
      if (after.every((draft, at) => draft.root === before[at]?.root)) continue;
      const message = `The validator ${plugin.draft.id.name} changes objects, which it must not.`;
      fail(context, 'bad-plugin', message, plugin.entry);
    }
  }
  return drafts;
}

/** What a transformer cost: a look at every object, and a part of those that it changed. */
function stepsFrom(before: readonly Draft[], after: readonly Draft[]): number {
  let steps = before.length;
  for (const [at, draft] of after.entries()) {
    if (draft !== before[at]) steps += (draft.size + draft.notes.previous.length) / 4;
  }
  return steps;
}

function stepsOf(
  context: BuildContext,
  { root, directory }: Kustomization,
  config: TransformerConfig,
): Step[] {
  const steps: Step[] = [];
  const add = (kind: string, transformer: Transformer | undefined): void => {
    if (transformer) steps.push({ kind, transformer });
  };
  const merges = textsOf(root, 'patchesStrategicMerge');
  if (merges.length > 0) {
    const transformer = patchStrategicMergeTransformer(context, merges, directory);
    add('PatchStrategicMergeTransformer', transformer);
  }
  for (const patch of mapsOf(root, 'patches')) {
    add('PatchTransformer', patchTransformer(context, patch, directory));
  }
  const namespace = textNodeOf(root, 'namespace');
  if (namespace) {
    const options = { unsetOnly: false, subjects: 'defaultOnly' } as const;
    add(
      'NamespaceTransformer',
      namespaceTransformer(context, { namespace, specs: config.namespace, ...options }),
    );
  }
  for (const [side, kind] of AFFIXES) {
    const affix = textNodeOf(root, side);
    if (affix) add(kind, nameAffixTransformer(context, side, affix, config[side]));
  }
  addLabels(context, root, config, add);
  const annotations = root.map('commonAnnotations');
  if (annotations && annotations.entries.length > 0) {
    const specs = config.commonAnnotations;
    add(
      'AnnotationsTransformer',
      mapEntriesTransformer(context, annotations, specs, 'commonAnnotations'),
    );
  }
  for (const patch of mapsOf(root, 'patchesJson6902')) {
    add('PatchJson6902Transformer', patchJson6902Transformer(context, patch, directory));
  }
  for (const entry of mapsOf(root, 'replicas')) {
    add('ReplicaCountTransformer', replicasTransformer(context, entry, config.replicas));
  }
  for (const image of mapsOf(root, 'images')) {
    add('ImageTagTransformer', imagesTransformer(context, image, config.images));
  }
  const replacements = mapsOf(root, 'replacements');
  if (replacements.length > 0) {
    const loaded = loadReplacements(context, replacements, directory);
    add('ReplacementTransformer', replacementsTransformer(context, loaded));
  }
  return steps;
}

const AFFIXES = [
  ['namePrefix', 'PrefixTransformer'],
  ['nameSuffix', 'SuffixTransformer'],
] as const;

const METADATA_LABELS: FieldSpec = {
  ...{ group: '', version: '', kind: '' },
  path: 'metadata/labels',
  create: true,
};

function addLabels(
  context: BuildContext,
  root: LocatedMap,
  config: TransformerConfig,
  add: (kind: string, transformer: Transformer) => void,
): void {
  const entries = mapsOf(root, 'labels');
  const common = root.map('commonLabels');
  for (const entry of entries) {
    const specs = labelSpecs(context, entry, config);
    const pairs = entry.map('pairs');
    if (pairs && specs)
      add('LabelTransformer', mapEntriesTransformer(context, pairs, specs, 'labels'));
  }
  // Kustomize runs this one even where only the other kind of labels is there.
  if (entries.length > 0 || common?.entries.length) {
    const specs = config.commonLabels;
    const pairs = common ?? new LocatedMap([], root);
    add('LabelTransformer', mapEntriesTransformer(context, pairs, specs, 'commonLabels'));
  }
}

/** Where an entry of `labels` goes: metadata, and what its flags and own fields add. */
function labelSpecs(
  context: BuildContext,
  entry: LocatedMap,
  config: TransformerConfig,
): readonly FieldSpec[] | undefined {
  const added = isOn(entry, 'includeSelectors')
    ? [config.labels, config.commonLabels]
    : isOn(entry, 'includeTemplates')
      ? [config.labels, config.templateLabels, [METADATA_LABELS]]
      : [config.labels, [METADATA_LABELS]];
  let specs: readonly FieldSpec[] = fieldSpecsOf(entry, 'fields');
  for (const more of added) {
    const merged = mergeFieldSpecs(specs, more);
    if (merged instanceof ConfigConflict) {
      const message = `The field ${merged.spec.path} of these labels is configured otherwise already.`;
      fail(context, 'bad-configuration', message, entry.get('fields') ?? entry);
      return undefined;
    }
    specs = merged;
  }
  return specs;
}
