import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';

import { blame } from '../kustomize/blame.ts';
import { type Build, build } from '../kustomize/build.ts';
import { BuildCache } from '../kustomize/cache.ts';
import { KUSTOMIZATION_NAMES } from '../kustomize/kustomization/load.ts';
import { renderYaml } from '../kustomize/print/render.ts';
import type { FileTree } from '../model/file-tree.ts';
import { toPlain, Unknown } from '../model/located.ts';
import type { Place } from '../model/source.ts';
import { renderBlame } from '../report/blame.ts';
import { toVisible } from '../report/escape.ts';
import { readDirectory } from '../snapshot/directory.ts';
import { openRepository } from '../snapshot/git.ts';
import { GitError } from '../snapshot/git-process.ts';
import { SnapshotTree } from '../snapshot/snapshot.ts';
import { listWorktree, worktreeRoot } from '../snapshot/worktree.ts';
import { coloursOf, type Output, UsageError } from './output.ts';

export const BUILD_FORMATS = ['pretty', 'json'] as const;

export interface BuildCall {
  /** The repository, where `DIR` starts at its root; else `DIR` is a path of this machine. */
  readonly repo?: string;
  /** The commit; else the files as they lie in the working directory. */
  readonly rev?: string;
  readonly blame?: boolean;
  readonly format: (typeof BUILD_FORMATS)[number];
}

/** Files that a build asks for are loaded between rounds; no overlay needs many. */
const MAX_ROUNDS = 20;

/**
 * `fluxgate build DIR`: the rendered overlay.
 *
 * @returns 0, or 1 when the build fails
 */
export async function buildCommand(
  directory: string,
  call: BuildCall,
  output: Output,
): Promise<number> {
  const root = await findRoot(directory, call);
  const path = await toPath(root, directory, call);
  const built = await buildAt(root, path, call);
  if (call.format === 'json') output.write(JSON.stringify(toJson(path, built, call), replacer, 2));
  else print(built, call, output);
  for (const { place, reason } of built.incomplete) {
    output.remark(`${wordPlace(place)}: not known: ${toVisible(reason)}`);
  }
  if (call.format !== 'json') {
    for (const { place, message } of built.problems) {
      output.remark(`${wordPlace(place)}: ${toVisible(message)}`);
    }
  }
  return built.problems.length > 0 ? 1 : 0;
}

/** Where paths start, and whether git knows about it. */
interface Root {
  readonly directory: string;
  readonly isGit: boolean;
}

async function findRoot(directory: string, { repo, rev }: BuildCall): Promise<Root> {
  const start = repo ?? (rev === undefined ? directory : '.');
  if (!(await isDirectory(start))) {
    throw new UsageError(`There is no directory ${JSON.stringify(start)}.`);
  }
  try {
    return { directory: await worktreeRoot(start), isGit: true };
  } catch (error) {
    if (!(error instanceof GitError) || rev !== undefined) throw error;
    if (repo !== undefined) return { directory: resolve(repo), isGit: false };
    const isBelow = !leaves(relative('.', resolve(directory)));
    return { directory: resolve(isBelow ? '.' : directory), isGit: false };
  }
}

async function toPath(root: Root, directory: string, { repo, rev }: BuildCall): Promise<string> {
  const absolute = resolve(repo === undefined ? '.' : root.directory, directory);
  const path = relative(root.directory, absolute);
  if (leaves(path)) {
    throw new UsageError(
      `${JSON.stringify(directory)} is outside of ${JSON.stringify(root.directory)}.`,
    );
  }
  if (rev === undefined && !(await isDirectory(absolute))) {
    throw new UsageError(`There is no directory ${JSON.stringify(directory)}.`);
  }
  return path;
}

function leaves(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path);
}

async function isDirectory(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status?.isDirectory() ?? false;
}

async function buildAt(root: Root, path: string, { rev }: BuildCall): Promise<Build> {
  if (rev === undefined) {
    if (!root.isGit) return buildTree(await readDirectory(root.directory), path, new BuildCache());
    const { listing, snapshot } = await listWorktree(root.directory);
    return buildSnapshot(new SnapshotTree(snapshot, listing), path);
  }
  const repository = await openRepository(root.directory);
  try {
    const listing = await repository.list(await repository.resolve(rev));
    return await buildSnapshot(new SnapshotTree(repository, listing), path);
  } finally {
    await repository.close();
  }
}

/** Builds again until everything that was asked for is loaded. */
async function buildSnapshot(snapshot: SnapshotTree, path: string): Promise<Build> {
  if (path !== '' && !snapshot.tree.isDirectory(path)) {
    throw new UsageError(`There is no directory ${JSON.stringify(path)} at that commit.`);
  }
  const cache = new BuildCache();
  let built = buildTree(snapshot.tree, path, cache);
  for (let round = 0; built.notLoaded.length > 0 && round < MAX_ROUNDS; round += 1) {
    await snapshot.load(built.notLoaded);
    built = buildTree(snapshot.tree, path, cache);
  }
  return built;
}

/** As Flux does where a directory has no kustomization file; else as kustomize does. */
function buildTree(tree: FileTree, path: string, cache: BuildCache): Build {
  const names = tree.children(path);
  const hasFile = KUSTOMIZATION_NAMES.some((name) => names.includes(name));
  return build(tree, path, cache, hasFile ? {} : { additions: {} });
}

function print({ resources }: Build, call: BuildCall, output: Output): void {
  if (resources.length === 0) return;
  output.write(
    call.blame
      ? renderBlame(
          resources.map((resource) => blame(resource)),
          coloursOf(output),
        )
      : renderYaml(resources),
  );
}

function toJson(
  path: string,
  { resources, problems, incomplete }: Build,
  call: BuildCall,
): unknown {
  return {
    version: 1,
    directory: path,
    problems,
    incomplete,
    resources: resources.map((resource) => ({
      object: toPlain(resource.root),
      ...(call.blame && { lines: blame(resource) }),
    })),
  };
}

/** Integers beyond the safe ones and unknown parts have no JSON of their own. */
function replacer(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Unknown ? value.text : value;
}

function wordPlace({ path, line, column }: Place): string {
  return `${toVisible(path)}:${line}${column === undefined ? '' : `:${column}`}`;
}
