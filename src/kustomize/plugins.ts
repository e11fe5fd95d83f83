import type { LocatedMap, LocatedScalar } from '../model/located.ts';
import { type BuildContext, fail, markIncomplete } from './context.ts';
import type { Draft } from './draft.ts';
import { embeddedText } from './files.ts';
import { decode } from './kustomization/decode.ts';
import type { Kustomization } from './kustomization/load.ts';
import type { Fields } from './kustomization/shape.ts';
import { textsOf } from './kustomization/texts.ts';
import { readManifests } from './manifests.ts';
import type { Configurer, Origin } from './origin.ts';
import { toDraft } from './resources.ts';
import { textOf } from './scalar.ts';

/** An object that configures a generator or transformer. */
export interface Plugin {
  readonly draft: Draft;
  /** The entry of the kustomization that brings it. */
  readonly entry: LocatedScalar;
  /** Its file, relative to the kustomization. */
  readonly file: string;
}

export type PluginField = 'generators' | 'transformers' | 'validators';

/**
 * The objects that a field of a kustomization names: each entry is a path, or is such an object
 * itself.
 *
 * @param load the objects of an entry that is a path
 */
export function loadPlugins(
  context: BuildContext,
  { root, fileName, path }: Kustomization,
  field: PluginField,
  load: (entry: LocatedScalar) => readonly Draft[],
): readonly Plugin[] {
  const inline: Plugin[] = [];
  const loaded: Plugin[] = [];
  for (const entry of textsOf(root, field)) {
    const { objects, fault } = readManifests(embeddedText(entry));
    if (fault) {
      loaded.push(...load(entry).map((draft) => ({ draft, entry, file: textOf(entry) })));
    } else {
      const drafts = objects.map((object) => toDraft(context, object, path));
      inline.push(...drafts.map((draft) => ({ draft, entry, file: fileName })));
    }
  }
  return [...inline, ...loaded];
}

/** Whether a plugin is part of kustomize; any other is a program, which nobody runs here. */
export function isBuiltIn(context: BuildContext, { draft, entry }: Plugin): boolean {
  const { group, version, kind, name } = draft.id;
  if (group === '' && version === 'builtin') return true;
  const reason = `The ${kind} ${name} is a program or a container, which Flux does not run.`;
  markIncomplete(context, 'plugin', reason, entry);
  return false;
}

/** The configuration of a built-in plugin; undefined when it is wrong, which was reported. */
export function readPlugin(
  context: BuildContext,
  { draft }: Plugin,
  fields: Fields,
): LocatedMap | undefined {
  const { value, faults } = decode(draft.root, fields, 'lenient', `A ${draft.id.kind}`);
  for (const { code, message, site } of faults) fail(context, code, message, site);
  return faults.length > 0 ? undefined : value;
}

export function unknownPlugin(context: BuildContext, { draft }: Plugin, what: string): void {
  const message = `${draft.id.kind} is no ${what} of kustomize.`;
  fail(context, 'bad-plugin', message, draft.root.get('kind') ?? draft.site);
}

/** The plugin as origin annotations tell it. */
export function configurerOf(
  origin: Origin | undefined,
  { draft, file }: Plugin,
): Configurer | undefined {
  if (origin === undefined) return undefined;
  const { kind, name, namespace } = draft.id;
  const apiVersion = textOf(draft.root.get('apiVersion'));
  return { file: origin.below(file).path, apiVersion, kind, name, namespace };
}
