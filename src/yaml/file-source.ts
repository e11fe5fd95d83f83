import { SourceText } from '../model/source.ts';
import { type ParsedText, parseYaml } from './parse.ts';

/** By content and path; as long as any value that was read from it is in use. */
const sources = new Map<string, WeakRef<SourceText>>();

const collected = new FinalizationRegistry<string>((key) => {
  if (sources.get(key)?.deref() === undefined) sources.delete(key);
});

/**
 * One source for a file, whoever reads it: places of one file compare equal, and its values are
 * the same nodes for all.
 *
 * @param id of its content, as git names it
 */
export function fileSource(id: string, path: string, text: string): SourceText {
  const key = `${id} ${path}`;
  let source = sources.get(key)?.deref();
  if (source === undefined) {
    source = new SourceText(path, text);
    sources.set(key, new WeakRef(source));
    collected.register(source, key);
  }
  return source;
}

const parsed = new WeakMap<SourceText, ParsedText>();

/** A source as kustomize reads objects, parsed once. */
export function parseManifests(source: SourceText): ParsedText {
  const known = parsed.get(source) ?? parseYaml(source, 'kustomize');
  parsed.set(source, known);
  return known;
}

const kustomizations = new WeakMap<SourceText, ParsedText>();

/** A source as kustomize reads its own files, parsed once. */
export function parseKustomization(source: SourceText): ParsedText {
  const known = kustomizations.get(source) ?? parseYaml(source, 'kustomization');
  kustomizations.set(source, known);
  return known;
}
