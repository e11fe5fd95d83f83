import { type ClusterSettings, UNCONFIGURED } from '../model/cluster-settings.ts';
import type { Config } from './schema.ts';
import { toRepositoryPath } from '../model/written-path.ts';

/** The clusters that a configuration names, as the rest of the house knows them. */
export function toClusterSettings({ clusters }: Pick<Config, 'clusters'>): ClusterSettings[] {
  return Object.entries(clusters).map(([name, entry]) => {
    const { environment, kubernetes, flux, podSecurity, tenants } = entry;
    const { defaults, exemptions, configuration } = podSecurity ?? {};
    return {
      name,
      path: toRepositoryPath(entry.path ?? ''),
      ...(environment && { environment }),
      ...(kubernetes !== undefined && { kubernetes }),
      ...(flux !== undefined && { flux }),
      podSecurity: {
        defaults: withoutAbsent(defaults ?? UNCONFIGURED.podSecurity.defaults),
        exemptions: exemptions ?? UNCONFIGURED.podSecurity.exemptions,
        ...(configuration !== undefined && { configuration: toRepositoryPath(configuration) }),
      },
      tenants,
    };
  });
}

function withoutAbsent<T extends object>(map: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const present = Object.entries(map).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]: Exclude<T[K], undefined> };
}
