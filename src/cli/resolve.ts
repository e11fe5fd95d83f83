import { resolveConfig } from '../config/effective.ts';
import type { Config } from '../config/schema.ts';
import { FluxCache } from '../flux/cache.ts';
import { type ResolvedRepository, resolveRepository } from '../flux/repository.ts';
import type { FileTree } from '../model/file-tree.ts';
import { configurationsNotLoaded, settingsIn } from '../review/cluster-settings.ts';
import { loadManifests } from '../review/load.ts';
import { rules } from '../rules/index.ts';
import { type GitSnapshot, openRepository } from '../snapshot/git.ts';
import { SnapshotTree } from '../snapshot/snapshot.ts';
import { readConfigFiles } from './config-files.ts';
import { type Output, withProgress } from './output.ts';

/** Loads again at most this often: each time names files that only the one before could. */
const MAX_ROUNDS = 12;

export interface Resolved {
  readonly resolved: ResolvedRepository;
  readonly config: Config;
  readonly tree: FileTree;
}

/** A revision of a local repository with its clusters, and the settings that it holds itself. */
export async function resolveRevision(
  { repo, rev }: { readonly repo: string; readonly rev: string },
  output: Output,
): Promise<Resolved> {
  const repository = await openRepository(repo);
  try {
    const listing = await repository.list(await repository.resolve(rev));
    const side = new SnapshotTree(repository, listing);
    return await withProgress(output, 'Building…', () => resolve(side, repository, output));
  } finally {
    await repository.close();
  }
}

async function resolve(side: SnapshotTree, git: GitSnapshot, output: Output): Promise<Resolved> {
  await loadManifests({ after: side, head: side });
  const ids = rules.map(({ id }) => id);
  const { config, notes } = resolveConfig(await readConfigFiles(side, git), ids);
  for (const note of notes) output.remark(note);
  await side.load(configurationsNotLoaded(side.tree, config));
  const options = { settings: settingsIn(side.tree, config), cache: new FluxCache() };
  let resolved = resolveRepository(side.tree, options);
  for (let round = 0; resolved.notLoaded.length > 0 && round < MAX_ROUNDS; round += 1) {
    await side.load(resolved.notLoaded);
    resolved = resolveRepository(side.tree, options);
  }
  return { resolved, config, tree: side.tree };
}
