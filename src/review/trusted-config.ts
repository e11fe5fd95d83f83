import { type ConfigFile, type ConfigFiles, isReadable } from '../config/effective.ts';
import { CONFIG_PATH } from '../config/load.ts';
import type { PullRequests } from '../snapshot/pull-request.ts';
import { type Snapshot, SnapshotTree } from '../snapshot/snapshot.ts';

/** Where configurations come from besides the repository itself. */
export interface ConfigSources {
  /** Ids that may stand under `rules`. */
  readonly knownRules: readonly string[];
  /** Defaults of the organisation. */
  organisation(): Promise<ConfigFile | undefined>;
  /** The newest configuration of a trusted branch that could be read. */
  recall(branch: string): Promise<string | undefined>;
  keep(branch: string, text: string): Promise<void>;
}

/** A change, as far as its configuration depends on it. */
export interface ConfiguredChange {
  readonly baseBranch?: string;
  readonly defaultBranch?: string;
}

export interface TrustedConfig {
  readonly files: ConfigFiles;
  readonly notes: readonly string[];
}

/**
 * The configuration that a change is reviewed by: of the branch it goes to, when that is the
 * default branch or a protected one; else of the default branch, since whoever may push to a
 * branch would choose their own rules there. Never of the change itself.
 */
export async function readTrustedConfig(
  base: SnapshotTree,
  { baseBranch, defaultBranch }: ConfiguredChange,
  { pulls, snapshot }: { readonly pulls: PullRequests; readonly snapshot: Snapshot },
  sources: ConfigSources,
): Promise<TrustedConfig> {
  const isOwn =
    baseBranch === undefined ||
    defaultBranch === undefined ||
    baseBranch === defaultBranch ||
    (await pulls.isProtected(baseBranch));
  const tree = isOwn
    ? base
    : new SnapshotTree(snapshot, await snapshot.list(await pulls.tipOf(defaultBranch)));
  const branch = (isOwn ? baseBranch : defaultBranch) ?? '';
  const [repository, organisation] = await Promise.all([readFile(tree), sources.organisation()]);
  const earlier = repository && (await remember(repository, branch, sources));
  return {
    files: {
      ...(organisation && { organisation }),
      ...(repository && { repository }),
      ...(earlier && { earlier: [{ path: CONFIG_PATH, text: earlier }] }),
    },
    notes: isOwn
      ? []
      : [
          `The settings are those of ${JSON.stringify(defaultBranch)}: ${JSON.stringify(baseBranch)} is not protected.`,
        ],
  };
}

async function readFile(side: SnapshotTree): Promise<ConfigFile | undefined> {
  await side.load([CONFIG_PATH]);
  const content = side.tree.read(CONFIG_PATH);
  return content.state === 'text' ? { path: CONFIG_PATH, text: content.text } : undefined;
}

/**
 * Keeps a configuration that can be read; gives the one before where it cannot. Only what was the
 * tip of a branch is kept: its history may hold what nobody ever agreed to.
 */
async function remember(
  repository: ConfigFile,
  branch: string,
  sources: ConfigSources,
): Promise<string | undefined> {
  if (!isReadable(repository, sources.knownRules)) return sources.recall(branch);
  await sources.keep(branch, repository.text);
  return undefined;
}
