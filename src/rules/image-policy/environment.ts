import type { Cluster } from '../../flux/cluster.ts';
import { type Environment, environmentOf } from '../../model/cluster-settings.ts';
import type { BreadthName, RuleSettings } from '../../model/rule-settings.ts';

/** How far a cluster's versions may move by themselves. */
export interface Allowance {
  /** Absent where neither the configuration nor the cluster's path tells it. */
  readonly environment: Environment | undefined;
  readonly widest: BreadthName;
  /** `in production`, `in a cluster of unknown environment`: inside a sentence. */
  readonly where: string;
}

/** The environment is the configuration's, else that of the cluster's path or name. */
export function allowanceOf(
  cluster: Pick<Cluster, 'settings' | 'name'>,
  { imagePolicy }: RuleSettings,
): Allowance {
  const { settings, name } = cluster;
  const environment = settings.environment ?? environmentOf(settings.path) ?? environmentOf(name);
  return {
    environment,
    widest: imagePolicy.widest[environment ?? 'production'],
    where:
      environment === undefined
        ? `in cluster "${name}", whose environment is not known`
        : `in ${environment}`,
  };
}
