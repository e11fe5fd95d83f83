import { build } from '../../src/kustomize/build.ts';
import { BuildCache } from '../../src/kustomize/cache.ts';
import { textOf } from '../../src/kustomize/scalar.ts';
import { passThroughJson } from '../../src/kustomize/settle.ts';
import type { FileTree } from '../../src/model/file-tree.ts';
import type { Located, LocatedScalar } from '../../src/model/located.ts';
import { SourceText, toPlace } from '../../src/model/source.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { resolvePlain } from '../../src/yaml/scalar.ts';

/** How the place of a rendered value explains it. */
export type Explanation =
  /** The text there is the value. */
  | 'same'
  /** The text there is a part of it, or made from it: an image's tag, a name before its hash. */
  | 'part'
  /** The entry there is a whole transformer or generator. */
  | 'entry'
  | 'unexplained';

/** Writers whose entries hold what they write in another form. */
const MAKERS = new Set([
  ...['configMapGenerator', 'secretGenerator', 'generators', 'replacements', 'vars', 'valueAdd'],
  ...['buildMetadata', 'images', 'namePrefix', 'nameSuffix', 'hash', 'nameReference'],
]);

/** Explains every scalar of the objects that a directory renders to. */
export function* explainBuild(
  tree: FileTree,
  directory: string,
  cache = new BuildCache(),
): Generator<{ scalar: LocatedScalar; explanation: Explanation }> {
  for (const { root } of build(tree, directory, cache).resources) {
    for (const scalar of scalarsOf(root)) yield { scalar, explanation: explain(scalar, tree) };
  }
}

function* scalarsOf(node: Located): Generator<LocatedScalar> {
  if (node.kind === 'scalar') yield node;
  else if (node.kind === 'list') for (const item of node.items) yield* scalarsOf(item);
  else for (const { value } of node.entries) yield* scalarsOf(value);
}

function explain(scalar: LocatedScalar, tree: FileTree): Explanation {
  const text = textOf(scalar);
  const written = writtenAt(scalar);
  if (written.some((other) => other.trim() === text.trim())) return 'same';
  if (tree.entry(toPlace(scalar).path) === undefined) return 'unexplained';
  const by = scalar.trace?.by ?? '';
  if (!MAKERS.has(by)) return 'unexplained';
  const isPart = written.some((other) => other !== '' && isMadeOf(text, other));
  return isPart ? 'part' : 'entry';
}

function isMadeOf(text: string, other: string): boolean {
  return (
    text.includes(other) ||
    other.includes(text) ||
    text.replaceAll('\n', '') === Buffer.from(other).toString('base64') ||
    other.includes(Buffer.from(text, 'base64').toString())
  );
}

/**
 * The text at a place: as it stands there, and as kustomize reads it. Objects are read by go-yaml
 * v3, JSON patches by the reader of Kubernetes (`n` is false); what such a patch touches passes
 * through JSON, which leaves the value without its form (493 of `0755`).
 */
function writtenAt({ source, start, end }: LocatedScalar): string[] {
  const raw = source.text.slice(start, end);
  // The range of a block text starts behind its header.
  const block = raw.replace(/\r\n/g, '\n').replace(/^(?=\S)/, ' ');
  const read = [`${raw}\n`, `|\n${block}\n`, `>\n${block}\n`].flatMap((text) =>
    (['kustomize', 'kubernetes'] as const).flatMap((reader) =>
      parseYaml(new SourceText('', text), reader).documents.flatMap((document) => [
        textOf(document),
        textOf(passThroughJson(document)),
      ]),
    ),
  );
  // A document of nothing is none to the parser.
  const nothing = resolvePlain(raw, 'go-yaml-v3') === null ? ['null'] : [];
  return [raw, ...nothing, ...read];
}
