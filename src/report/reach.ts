import type { Review } from '../model/review.ts';
import { code } from './escape.ts';

/** More than these are told by their number. */
const MAX_CLUSTERS = 8;
const MAX_UNITS = 4;

/** What a change reaches, on one line; empty where that is not known, or nothing. */
export function renderReach({ reach = [] }: Pick<Review, 'reach'>): string {
  if (reach.length === 0) return '';
  const shown = reach.slice(0, MAX_CLUSTERS).map(({ name, units }) => {
    const named = units.slice(0, MAX_UNITS).map((unit) => code(unit, 100));
    const more = units.length - named.length;
    return `${code(name, 80)} (${named.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
  });
  const more = reach.length - shown.length;
  return `Reaches ${shown.join(', ')}${more > 0 ? ` and ${more} more clusters` : ''}.`;
}
