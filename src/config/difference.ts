import type { SettingsDifference } from '../model/waiver.ts';
import type { Config } from './schema.ts';

/** A setting with its value, lists as one. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Every setting but the waivers, which are told one by one elsewhere. */
export function listSettings(config: Config): Setting[] {
  return [...leaves({ ...config, waivers: {} }, [])];
}

function* leaves(value: unknown, path: readonly string[]): Generator<Setting> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield { path, value };
    return;
  }
  for (const [key, below] of Object.entries(value)) yield* leaves(below, [...path, key]);
}

/** What differs between two configurations, by setting. */
export function compareConfigs(from: Config, to: Config): SettingsDifference[] {
  const [old, fresh] = [toTexts(from), toTexts(to)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((setting) => old.get(setting) !== fresh.get(setting))
    .map((setting) => {
      const [before, after] = [old.get(setting), fresh.get(setting)];
      return {
        setting,
        ...(before !== undefined && { from: before }),
        ...(after !== undefined && { to: after }),
      };
    });
}

function toTexts(config: Config): Map<string, string> {
  return new Map([
    ...listSettings(config).map(
      ({ path, value }) => [path.join('.'), JSON.stringify(value)] as const,
    ),
    ...config.waivers.map(
      ({ rule, subject, clusters, owner, reason, expires }) =>
        [
          `waiver of ${rule} for ${subject}${clusters ? ` in ${clusters.join(', ')}` : ''}`,
          `${owner} until ${expires}: ${reason}`,
        ] as const,
    ),
  ]);
}
