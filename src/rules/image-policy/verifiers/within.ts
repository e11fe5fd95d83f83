import { matchesWildcard } from '../../../model/wildcard.ts';

/** Whether a pattern of the configuration means an image; without a path, all of a registry. */
export function isWithin(pattern: string, name: string): boolean {
  const whole = pattern.replace(/\/+$/, '');
  return matchesWildcard(whole.includes('/') ? whole : `${whole}/*`, name);
}
