import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { itemOf, itemsOf } from '../flux/list-items.ts';
import { resourcesOf } from '../flux/manifests.ts';
import { placeOf } from '../model/field-path.ts';
import { type Located, Unknown } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { SourceText, toPlace } from '../model/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { UsageError } from './output.ts';

/** A text that a command was given: a file, or the standard input. */
export interface InputText {
  /** As it was named; `STDIN` for the standard input, as kubectl calls it. */
  readonly name: string;
  readonly text: string;
}

/** Where the standard input comes from; tests put their own in its place. */
export type ReadStandardInput = () => Promise<string>;

/** The standard input, to its end. */
export async function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UsageError('Name files or directories, or give manifests on the standard input.');
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}

const MANIFEST = /\.(?:ya?ml|json)$/;
const NO_MANIFESTS = new Set(['.git', 'node_modules']);

/**
 * The texts of files, of all manifests below directories (links are not followed), and of the
 * standard input for `-` or where nothing is named.
 */
export async function readTexts(
  names: readonly string[],
  readStandard: ReadStandardInput,
): Promise<InputText[]> {
  const texts: InputText[] = [];
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-') texts.push({ name: 'STDIN', text: await readStandard() });
    else for (const path of await filesOf(name)) texts.push({ name: path, text: await read(path) });
  }
  return texts;
}

async function filesOf(name: string): Promise<string[]> {
  const stat = await lstat(name).catch(() => undefined);
  if (stat === undefined) throw new UsageError(`There is no file or directory ${quote(name)}.`);
  return stat.isDirectory() ? manifestsBelow(name) : [name];
}

async function manifestsBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of sorted) {
    const path = join(directory, entry.name);
    if (entry.isFile() && MANIFEST.test(entry.name)) found.push(path);
    else if (entry.isDirectory() && !NO_MANIFESTS.has(entry.name)) {
      found.push(...(await manifestsBelow(path)));
    }
  }
  return found;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${quote(path)} cannot be read (${code ?? 'unknown'}).`);
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}

export interface ReadManifests {
  /** Objects as the API server would be given them, those inside a `List` unpacked. */
  readonly resources: readonly Resource[];
  /** Why the text, or one of its documents, cannot be read, with its line. */
  readonly problem?: string;
}

/** A text as manifests that are given to an API server alone, without kustomize. */
export function toManifests({ name, text }: InputText): ReadManifests {
  const { documents, problems } = parseYaml(new SourceText(name, text), 'kubernetes');
  const [problem] = problems;
  if (problem !== undefined) {
    return { resources: [], problem: `${name}:${toPlace(problem).line}: ${problem.message}` };
  }
  const missing = documents.flatMap((document) => whatIsMissing(name, document) ?? [])[0];
  return { resources: resourcesOf(documents), ...(missing !== undefined && { problem: missing }) };
}

/**
 * Why a document, or what is in it where it is a list, is no object that an API server could be
 * given; an empty one is not given.
 */
function whatIsMissing(name: string, document: Located): string | undefined {
  if (document.kind === 'scalar' && document.value === null) return undefined;
  const where = `${name}:${placeOf(document, []).line}`;
  if (document.kind !== 'map') return `${where}: this is no object.`;
  const key = ['kind', 'apiVersion'].find((one) => !document.text(one));
  if (key !== undefined) return `${where}: Object '${key === 'kind' ? 'Kind' : key}' is missing.`;
  const items = itemsOf(document);
  if (items === undefined || items instanceof Unknown) return undefined;
  return items.flatMap((item) => {
    return whatIsMissing(name, item.kind === 'map' ? itemOf(item, document) : item) ?? [];
  })[0];
}
