import { LocatedList, LocatedMap } from '../../model/located.ts';
import { type Site, SourceText } from '../../model/source.ts';
import { parseKustomization } from '../../yaml/file-source.ts';
import { type BuildContext, fail, markIncomplete, readFile } from '../context.ts';
import { replaceField } from '../fields.ts';
import { sourceOf } from '../files.ts';
import { decode, type Strictness } from './decode.ts';
import { KUSTOMIZATION } from './shape.ts';

/** The names that kustomize knows, in its order. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** A kustomization, decoded: canonical names, no nulls, deprecated fields moved to their heirs. */
export interface Kustomization {
  readonly directory: string;
  /** The name of its file, as origin annotations tell it. */
  readonly fileName: string;
  readonly path: string;
  readonly root: LocatedMap;
  readonly isComponent: boolean;
}

/** The kustomization file of a directory; several are told apart from none. */
export function findKustomizations(context: BuildContext, directory: string): string[] {
  const { tree } = context;
  return KUSTOMIZATION_NAMES.filter((name) => {
    const { state } = readFile(context, joinName(directory, name));
    return state !== 'missing' && tree.entry(joinName(directory, name))?.kind === 'file';
  });
}

export function joinName(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** How a kustomization file is read. */
export interface LoadOptions {
  readonly strictness: Strictness;
  /** Changes what was read, before anything is checked. */
  readonly edit: (root: LocatedMap) => LocatedMap;
}

const STRICT: LoadOptions = { strictness: 'strict', edit: (root) => root };

/**
 * Reads the kustomization file of a directory.
 *
 * @param asker the entry that names the directory; the directory itself for the outermost
 * @returns undefined when there is none that can be used, which was reported
 */
export function loadKustomization(
  context: BuildContext,
  directory: string,
  asker: Site | undefined,
  { strictness, edit }: LoadOptions = STRICT,
): Kustomization | undefined {
  const [fileName, ...others] = findKustomizations(context, directory);
  const where = directory || '.';
  const site = asker ?? { source: new SourceText(where, ''), start: 0, end: 0 };
  if (fileName === undefined) {
    const message = `The directory ${where} has no kustomization.yaml.`;
    fail(context, 'no-kustomization', message, site);
    return undefined;
  }
  if (others.length > 0) {
    const names = [fileName, ...others].join(' and ');
    fail(context, 'several-kustomizations', `The directory ${where} has ${names}: keep one.`, site);
    return undefined;
  }
  const path = joinName(directory, fileName);
  const root = readKustomization(context, path, site, strictness);
  if (root === undefined) return undefined;
  return checkKustomization(context, { directory, fileName, path, root: edit(root) });
}

function readKustomization(
  context: BuildContext,
  path: string,
  asker: Site,
  strictness: Strictness,
): LocatedMap | undefined {
  const content = readFile(context, path);
  if (content.state === 'unreadable') {
    markIncomplete(context, 'unreadable', `${path} cannot be read: ${content.reason}.`, asker);
  } else if (content.state === 'binary') {
    const site = { source: new SourceText(path, ''), start: 0, end: 0 };
    fail(context, 'bad-yaml', `${path} is no text: it is not UTF-8, or holds a NUL byte.`, site);
  }
  if (content.state !== 'text') return undefined;
  const source = sourceOf(context, path, content.id, content.text);
  const { value, problems } = decodeSource(context, source, content.id, strictness);
  for (const { code, message, site } of problems) fail(context, code, message, site);
  return problems.length > 0 ? undefined : value;
}

interface DecodedSource {
  readonly value: LocatedMap | undefined;
  readonly problems: readonly {
    readonly code: 'bad-yaml' | 'unknown-field' | 'wrong-type' | 'empty-kustomization';
    readonly message: string;
    readonly site: Site;
  }[];
}

function decodeSource(
  { cache }: BuildContext,
  source: SourceText,
  id: string,
  strictness: Strictness,
): DecodedSource {
  return cache.parsed(
    `kustomization ${strictness} ${id} ${source.path}`,
    source.text.length,
    () => {
      const { documents, problems } = parseKustomization(source);
      if (problems.length > 0) {
        const faults = problems.map((problem) => ({
          ...problem,
          code: 'bad-yaml' as const,
          site: problem,
        }));
        return { value: undefined, problems: faults };
      }
      const [document] = documents;
      if (document === undefined) {
        const nothing = new LocatedMap([], { source, start: 0, end: 0 });
        return strictness === 'lenient'
          ? { value: nothing, problems: [] }
          : { value: undefined, problems: [emptyFile(source)] };
      }
      const { value, faults } = decode(document, KUSTOMIZATION, strictness);
      return { value, problems: faults };
    },
  );
}

function emptyFile(source: SourceText): DecodedSource['problems'][number] {
  const message = `${source.path} is empty: give it resources or something to do.`;
  return { code: 'empty-kustomization', message, site: { source, start: 0, end: 0 } };
}

/** Moves deprecated fields, and refuses what is empty or of another kind. */
export function checkKustomization(
  context: BuildContext,
  { directory, fileName, path, root }: Omit<Kustomization, 'isComponent'>,
): Kustomization | undefined {
  const fixed = moveList(moveList(root, 'bases', 'resources'), 'imageTags', 'images');
  if (isEmpty(fixed)) {
    const message = `${path} is empty: give it resources or something to do.`;
    fail(context, 'empty-kustomization', message, root);
    return undefined;
  }
  const kind = fixed.text('kind') ?? '';
  const isComponent = kind === 'Component';
  if (kind !== '' && kind !== 'Kustomization' && !isComponent) {
    const message = `A kustomization file has the kind Kustomization or Component, not ${kind}.`;
    fail(context, 'bad-kustomization', message, fixed.get('kind') ?? fixed);
    return undefined;
  }
  const wanted = `kustomize.config.k8s.io/${isComponent ? 'v1alpha1' : 'v1beta1'}`;
  const apiVersion = fixed.text('apiVersion') ?? '';
  if (apiVersion !== '' && apiVersion !== wanted) {
    const message = `A ${kind || 'Kustomization'} has the apiVersion ${wanted}, not ${apiVersion}.`;
    fail(context, 'bad-kustomization', message, fixed.get('apiVersion') ?? fixed);
    return undefined;
  }
  return { directory, fileName, path, root: fixed, isComponent };
}

function moveList(root: LocatedMap, from: string, to: string): LocatedMap {
  const moved = root.list(from);
  if (moved === undefined) return root;
  const present = root.list(to);
  const without = root.without(from);
  if (moved.items.length === 0 && present === undefined) return without;
  const items = [...(present?.items ?? []), ...moved.items];
  return replaceField(without, to, new LocatedList(items, present ?? moved));
}

/** Beside its kind a kustomization must say something; an empty list or map is something. */
function isEmpty(root: LocatedMap): boolean {
  return root.entries.every(
    ({ key, value }) =>
      key === 'kind' ||
      key === 'apiVersion' ||
      (key === 'helmChartInflationGenerator' &&
        value.kind === 'list' &&
        value.items.length === 0) ||
      (value.kind === 'scalar' && value.value === ''),
  );
}
