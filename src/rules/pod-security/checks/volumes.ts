import type { Pod, Volume } from '../pod.ts';
import type { Offence } from './check.ts';

const NONE: readonly Offence[] = [];

/** What stands for the source of a volume that has none. */
export const NO_SOURCE = 'unknown';

/** The volumes whose source is refused: `sourceOf` names it, or is undefined for one that passes. */
export function findInVolumes(
  { volumes }: Pod,
  sourceOf: (volume: Volume, allowed: ReadonlySet<string>) => string | undefined,
  allowed: ReadonlySet<string>,
): readonly Offence[] {
  let offences: Offence[] | undefined;
  for (const { index, value: volume } of volumes) {
    const value = sourceOf(volume, allowed);
    if (value === undefined) continue;
    const field = ['spec', 'volumes', index, value];
    (offences ??= []).push({ container: undefined, field, value, missing: value === NO_SOURCE });
  }
  return offences ?? NONE;
}

/** The names of the volumes of such offences, in their order. */
export function volumeNames(offences: readonly Offence[], { volumes }: Pod): string[] {
  return offences.map(({ field }) => volumes.find(({ index }) => index === field[2])?.name ?? '');
}
