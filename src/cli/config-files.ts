import { type ConfigFiles, isReadable } from '../config/effective.ts';
import { CONFIG_PATH } from '../config/load.ts';
import { rules } from '../rules/index.ts';
import type { GitSnapshot } from '../snapshot/git.ts';
import type { SnapshotTree } from '../snapshot/snapshot.ts';

/**
 * The configuration of a local repository, from the side that is trusted. Where it cannot be read,
 * its earlier versions on that side come with it: the newest that can be read counts, as it does
 * for the App.
 */
export async function readConfigFiles(
  side: SnapshotTree,
  git: Pick<GitSnapshot, 'versionsOf'>,
): Promise<ConfigFiles> {
  await side.load([CONFIG_PATH]);
  const content = side.tree.read(CONFIG_PATH);
  if (content.state !== 'text') return {};
  const repository = { path: CONFIG_PATH, text: content.text };
  const knownRules = rules.map(({ id }) => id);
  if (isReadable(repository, knownRules)) return { repository };
  const versions = await git.versionsOf(side.listing.commit, CONFIG_PATH);
  return { repository, earlier: versions.map((text) => ({ path: CONFIG_PATH, text })) };
}
