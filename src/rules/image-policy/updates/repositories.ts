import type { FileTree } from '../../../model/file-tree.ts';
import { factsOf } from '../../../flux/file-facts.ts';
import { parseImage } from '../../../model/image-reference.ts';
import { fileChangesOf, type LineChange } from './file-changes.ts';
import { nameOfImage } from './jump.ts';

/** An image repository, and the line that names it. */
export interface NamedRepository {
  /** `ghcr.io/acme/web`; as written where it is no image that a runtime reads. */
  readonly name: string;
  readonly path: string;
  readonly line: number;
  /** The repository that stood on this line before. */
  readonly instead?: string;
}

/** Lines that name an image. No backtracking over the whole line: texts are anybody's. */
const NAMED =
  /^[ \t]*(?:- {1,8})?["']?(image|repository|newName|url)["']?:[ \t]{1,8}["']?(?:oci:\/\/)?([^\s"'#]{1,300})/;

/** Manifests of bigger size are generated: CRDs, dashboards. */
const LARGEST = 3_000_000;

const GUARD = /^apiVersion: *["']?(?:kyverno\.io|policies\.kyverno\.io|policy\.sigstore\.dev)\//m;

const knownOf = new WeakMap<FileTree, ReadonlySet<string>>();

/** All image repositories that a tree names, anywhere. */
export function repositoriesOf(tree: FileTree): ReadonlySet<string> {
  const found = knownOf.get(tree) ?? new Set(factsOf(tree, namesAt));
  knownOf.set(tree, found);
  return found;
}

function namesAt(tree: FileTree, path: string): string[] {
  if (!/\.ya?ml$/.test(path)) return [];
  const content = tree.read(path);
  if (content.state !== 'text' || content.text.length > LARGEST) return [];
  const lines = content.text.split('\n');
  return lines.flatMap((_, index) => repositoryAt(lines, index) ?? []);
}

/** The repository that a line names, its `registry` beside it included. */
export function repositoryAt(lines: readonly string[], index: number): string | undefined {
  const line = lines[index] ?? '';
  // Cheap first: nearly all lines are others.
  if (!/image|repository|newName|oci:\/\//.test(line)) return undefined;
  const [, key, value] = NAMED.exec(line) ?? [];
  if (key === undefined || value === undefined || value.includes('${')) return undefined;
  if (/^(?:https?|git|ssh|file):|^git@|[{}<>]/.test(value)) return undefined;
  if (key === 'url' && !line.includes('oci://')) return undefined;
  if (key === 'repository') {
    const registry = registryBeside(lines, index);
    if (registry !== undefined) return toName(`${registry}/${value}`);
    if (!value.includes('/')) return undefined;
  }
  return toName(value);
}

const REGISTRY = /^[ \t]*(?:- {1,8})?["']?registry["']?:(?:[ \t]{1,8}["']?([\w.:/-]{1,200}))?/;

/** How far from each other a registry and its repository may stand. */
const BESIDE = 6;

/** The value of `registry` among the keys of the same map. */
function registryBeside(lines: readonly string[], index: number): string | undefined {
  const column = columnOf(lines[index] ?? '');
  for (const step of [-1, 1]) {
    if (step === -1 && isItem(lines[index])) continue;
    for (let away = 1; away <= BESIDE; away += 1) {
      const text = lines[index + step * away];
      if (text === undefined || (step === 1 && isItem(text) && columnOf(text) <= column)) break;
      if (/^[ \t]*(?:#|\r?$)/.test(text) || columnOf(text) > column) continue;
      if (columnOf(text) < column) break;
      const found = REGISTRY.exec(text)?.[1];
      if (found !== undefined) return found;
      if (isItem(text)) break;
    }
  }
  return undefined;
}

function columnOf(text: string): number {
  return /^[ \t]*(?:- {1,8})?/.exec(text)?.[0].length ?? 0;
}

function isItem(text = ''): boolean {
  return /^[ \t]*- /.test(text);
}

function toName(text: string): string {
  const image = parseImage(text);
  return image === undefined ? text : nameOfImage(image);
}

/** Repositories that a change names and the base branch does not, each at its first line. */
export function newRepositories(before: FileTree, after: FileTree): NamedRepository[] {
  const found = new Map<string, NamedRepository>();
  for (const { path, state, lines } of fileChangesOf(before, after)) {
    if (!/\.ya?ml$/.test(path) || (state !== 'changed' && state !== 'added')) continue;
    const content = after.read(path);
    if (content.state !== 'text' || content.text.length > LARGEST) continue;
    // Policies name images to guard them, and run none.
    if (GUARD.test(content.text)) continue;
    const text = content.text.split('\n');
    const indexes =
      state === 'added' ? [...text.keys()] : lines.flatMap(({ is }) => (is ? [is.line - 1] : []));
    const old = before.read(path);
    const was = old.state === 'text' ? old.text.split('\n') : [];
    const earlier = new Map(lines.map(({ was, is }) => [is?.line, was?.line]));
    for (const index of indexes) {
      const name = repositoryAt(text, index);
      if (name === undefined || repositoriesOf(before).has(name)) continue;
      const line = earlier.get(index + 1);
      const instead = line === undefined ? undefined : repositoryAt(was, line - 1);
      const known = found.get(name);
      if (known?.instead !== undefined || (known !== undefined && instead === undefined)) continue;
      found.set(name, { name, path, line: index + 1, ...(instead !== undefined && { instead }) });
    }
    for (const change of lines) {
      for (const { name, instead } of movedBy(change, was, text)) {
        if (repositoriesOf(before).has(name) || found.has(name)) continue;
        found.set(name, { name, path, line: change.at, ...(instead !== undefined && { instead }) });
      }
    }
  }
  return [...found.values()];
}

/** Repositories whose own line stays, and whose `registry` a change moves, brings or takes away. */
function movedBy(
  { at, was, is }: LineChange,
  before: readonly string[],
  after: readonly string[],
): { readonly name: string; readonly instead?: string }[] {
  if (!REGISTRY.test(was?.text ?? '') && !REGISTRY.test(is?.text ?? '')) return [];
  const near = (lines: readonly string[], middle: number) =>
    Array.from({ length: 2 * BESIDE + 1 }, (_, step) => middle - BESIDE + step).flatMap((index) => {
      const name = lines[index]?.includes('repository') ? repositoryAt(lines, index) : undefined;
      return name === undefined ? [] : [{ name, text: lines[index] ?? '' }];
    });
  const old = near(before, (was?.line ?? at) - 1);
  return near(after, at - 1).map(({ name, text }) => {
    const earlier = old.find((each) => each.text === text && each.name !== name)?.name;
    return { name, ...(earlier !== undefined && { instead: earlier }) };
  });
}
