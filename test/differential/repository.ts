import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';

import { KUSTOMIZATION_NAMES } from '../../src/kustomize/kustomization/load.ts';
import type { FileTree } from '../../src/model/file-tree.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

/** A checked-out repository, and the directories to build in it. */
export interface Repository {
  /** Where the real program reads it. */
  readonly root: string;
  readonly tree: FileTree;
  /** Relative to the root. */
  readonly directories: readonly string[];
}

const SKIPPED = new Set(['.git', 'node_modules']);

/** Larger files are no manifests. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

/**
 * Reads the repository that a directory belongs to; a directory outside of git is one itself.
 * Symbolic links are left out, as Flux leaves them out: where there are any, the real program gets
 * a copy without them, which is removed with the process.
 */
export function readRepository(directory: string): Repository {
  const start = resolve(directory);
  const root = findRoot(start) ?? start;
  const files: Record<string, Uint8Array> = {};
  const links: string[] = [];
  for (const path of walk(root, links)) files[relative(root, path)] = readFileSync(path);
  const prefix = relative(root, start);
  const isBelow = (path: string): boolean =>
    prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
  const directories = new Set<string>();
  for (const path of Object.keys(files).sort()) {
    const slash = path.lastIndexOf('/');
    const parent = slash === -1 ? '' : path.slice(0, slash);
    if (KUSTOMIZATION_NAMES.includes(path.slice(slash + 1)) && isBelow(parent)) {
      directories.add(parent);
    }
  }
  const tree = memoryTree(files);
  return { root: links.length > 0 ? copy(files) : root, tree, directories: [...directories] };
}

function copy(files: Readonly<Record<string, Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'differential-copy-'));
  process.on('exit', () => {
    rmSync(root, { recursive: true, force: true });
  });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

function findRoot(start: string): string | undefined {
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

function* walk(directory: string, links: string[]): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isSymbolicLink()) links.push(path);
    else if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* walk(path, links);
    } else if (entry.isFile() && lstatSync(path).size <= MAX_FILE_BYTES) {
      yield path;
    }
  }
}
