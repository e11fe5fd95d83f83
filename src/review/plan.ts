import { type ConfigFiles, resolveConfig } from '../config/effective.ts';
import type { FluxCache } from '../flux/cache.ts';
import { resolveRepository } from '../flux/repository.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Plan, PlanRequest } from '../model/plan.ts';
import { planLevels } from '../rules/pod-security/plan.ts';
import { settingsIn } from './cluster-settings.ts';

/**
 * What stricter levels would refuse in a tree whose contents are loaded.
 *
 * @param trusted the tree whose admission configurations count: as for a review, the base
 */
export function planOf(
  tree: FileTree,
  trusted: FileTree,
  request: PlanRequest,
  files: ConfigFiles,
  knownRules: readonly string[],
  cache: FluxCache,
): Plan {
  const { config } = resolveConfig(files, knownRules);
  const settings = settingsIn(trusted, config);
  const { clusters } = resolveRepository(tree, { settings, cache });
  return planLevels(clusters, request, config);
}
