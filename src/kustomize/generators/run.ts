import { LocatedMap } from '../../model/located.ts';
import { type BuildContext, markIncomplete } from '../context.ts';
import type { Draft } from '../draft.ts';
import { replaceField } from '../fields.ts';
import type { Kustomization } from '../kustomization/load.ts';
import {
  type Fields,
  GENERATOR,
  OBJECT_META,
  SECRET_GENERATOR,
  struct,
} from '../kustomization/shape.ts';
import { mapsOf } from '../kustomization/texts.ts';
import { type Configurer, markGenerated, type Origin } from '../origin.ts';
import { configurerOf, isBuiltIn, type Plugin, readPlugin, unknownPlugin } from '../plugins.ts';
import { absorb } from './absorb.ts';
import { generateDataObject, type GeneratorKind } from './data-object.ts';
import { generateIamPolicy, IAM_POLICY } from './iam-policy.ts';

const FIELDS: readonly { field: GeneratorKind; kind: string }[] = [
  { field: 'configMapGenerator', kind: 'ConfigMapGenerator' },
  { field: 'secretGenerator', kind: 'SecretGenerator' },
];

/** Puts what a kustomization generates among its objects (api `KustTarget.runGenerators`). */
export function runGenerators(
  context: BuildContext,
  kustomization: Kustomization,
  origin: Origin | undefined,
  plugins: readonly Plugin[],
  start: readonly Draft[],
): readonly Draft[] {
  const { root, directory, fileName, path } = kustomization;
  const globals = root.map('generatorOptions');
  let drafts = start;
  const add = (draft: Draft | undefined, by: Configurer | undefined): void => {
    if (draft) drafts = absorb(context, drafts, markGenerated(context, draft, by));
  };
  for (const { field, kind } of FIELDS) {
    for (const entry of mapsOf(root, field)) {
      const draft = generateDataObject(context, field, entry, globals, directory, path);
      add(draft, origin?.builtIn(fileName, kind));
    }
  }
  for (const field of ['helmCharts', 'helmChartInflationGenerator']) {
    for (const chart of mapsOf(root, field)) {
      const name = chart.text('name') ?? chart.text('chartName') ?? '';
      const reason = `The chart ${name} is rendered by Helm, which Flux does not do in an overlay.`;
      markIncomplete(context, 'helm', reason, chart);
    }
  }
  for (const plugin of plugins) {
    if (!isBuiltIn(context, plugin)) continue;
    add(runPlugin(context, plugin, directory), configurerOf(origin, plugin));
  }
  return drafts;
}

function runPlugin(context: BuildContext, plugin: Plugin, directory: string): Draft | undefined {
  const { draft, entry } = plugin;
  switch (draft.id.kind) {
    case 'ConfigMapGenerator':
      return runDataPlugin(context, plugin, 'configMapGenerator', GENERATOR, directory);
    case 'SecretGenerator':
      return runDataPlugin(context, plugin, 'secretGenerator', SECRET_GENERATOR, directory);
    case 'IAMPolicyGenerator': {
      const config = readPlugin(context, plugin, IAM_POLICY);
      return config && generateIamPolicy(context, config, draft.file);
    }
    case 'HelmChartInflationGenerator': {
      const reason = 'The chart is rendered by Helm, which Flux does not do in an overlay.';
      markIncomplete(context, 'helm', reason, entry);
      return undefined;
    }
    default:
      unknownPlugin(context, plugin, 'generator');
      return undefined;
  }
}

function runDataPlugin(
  context: BuildContext,
  plugin: Plugin,
  kind: GeneratorKind,
  fields: Fields,
  directory: string,
): Draft | undefined {
  const config = readPlugin(context, plugin, { ...fields, metadata: struct(OBJECT_META) });
  if (config === undefined) return undefined;
  const metadata = config.map('metadata') ?? new LocatedMap([], config);
  let entry = config;
  for (const field of ['name', 'namespace']) {
    const value = metadata.get(field);
    if ((entry.text(field) ?? '') === '' && value) entry = replaceField(entry, field, value);
  }
  return generateDataObject(context, kind, entry, undefined, directory, plugin.draft.file);
}
