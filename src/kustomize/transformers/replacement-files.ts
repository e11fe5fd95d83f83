import { type LocatedMap, LocatedScalar } from '../../model/located.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { type BuildContext, fail } from '../context.ts';
import { loadText } from '../files.ts';
import { decode } from '../kustomization/decode.ts';
import { REPLACEMENT } from '../kustomization/shape.ts';
import { textOf } from '../scalar.ts';

/** The replacements of a list, with those of files in the place of the entries that name them. */
export function loadReplacements(
  context: BuildContext,
  entries: readonly LocatedMap[],
  directory: string,
): readonly LocatedMap[] {
  return entries.flatMap((entry) => {
    const path = entry.get('path');
    if (!(path instanceof LocatedScalar) || textOf(path) === '') return [entry];
    if (entry.entry('source') ?? entry.list('targets')?.items.length) {
      const message = 'A replacement is given either here or in a file (path), not both.';
      fail(context, 'bad-replacement', message, entry);
      return [];
    }
    return readFile(context, path, directory);
  });
}

function readFile(
  context: BuildContext,
  path: LocatedScalar,
  directory: string,
): readonly LocatedMap[] {
  const source = loadText(context, directory, path);
  if (source === undefined) return [];
  const { documents, problems } = parseYaml(source, 'kustomization');
  for (const problem of problems) fail(context, 'bad-yaml', problem.message, problem);
  const [document] = documents;
  if (problems.length > 0) return [];
  if (document === undefined || document.kind === 'scalar') {
    const message = `${source.path} holds neither a replacement nor a list of them.`;
    fail(context, 'bad-replacement', message, path);
    return [];
  }
  return (document.kind === 'list' ? document.items : [document]).map((item) => {
    const { value, faults } = decode(item, REPLACEMENT, 'lenient', 'A replacement');
    for (const { code, message, site } of faults) fail(context, code, message, site);
    return value;
  });
}
