import { toClusterSettings } from '../config/clusters.ts';
import { type ConfigFiles, resolveConfig } from '../config/effective.ts';
import type { FluxCache } from '../flux/cache.ts';
import { resolveRepository } from '../flux/repository.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Plan, PlanRequest } from '../model/plan.ts';
import { withConfigurationFile } from '../rules/pod-security/configuration-file.ts';
import { planLevels } from '../rules/pod-security/plan.ts';

/** What stricter levels would refuse in a tree whose contents are loaded. */
export function planOf(
  tree: FileTree,
  request: PlanRequest,
  files: ConfigFiles,
  knownRules: readonly string[],
  cache: FluxCache,
): Plan {
  const { config } = resolveConfig(files, knownRules);
  const settings = toClusterSettings(config).map((one) => withConfigurationFile(one, tree));
  const { clusters } = resolveRepository(tree, { settings, cache });
  return planLevels(clusters, request, config);
}
