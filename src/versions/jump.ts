import { compareVersions } from './order.ts';
import type { Version } from './version.ts';

export type Jump = 'same' | 'prerelease' | 'patch' | 'minor' | 'major' | 'downgrade' | 'other';

/**
 * The size of the step from one version to another, by the first number that differs. `prerelease`:
 * only the prerelease moves on (1.2.3-rc.1 to 1.2.3-rc.2 or to 1.2.3). `other`: only the build
 * metadata differs, of which neither is the newer. Whether the new version is itself a prerelease
 * is for the caller to see: 1.2.3 to 2.0.0-rc.1 is `major`.
 */
export function toJump(from: Version, to: Version): Jump {
  const order = compareVersions(from, to);
  if (order === 0) return from.build === to.build ? 'same' : 'other';
  if (order > 0) return 'downgrade';
  if (from.major !== to.major) return 'major';
  if (from.minor !== to.minor) return 'minor';
  return from.patch === to.patch ? 'prerelease' : 'patch';
}
