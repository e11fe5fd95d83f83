import type { CheckReport, InlineComment } from '../model/report.ts';
import { ROOM_FOR_REFUSALS } from './limits.ts';
import { placeOf } from './section.ts';
import { count } from './words.ts';

const MAX_PLACES = 5;

/** Those checks whose comments GitHub refused, with a paragraph that says so. */
export function tellRefused(
  checks: readonly CheckReport[],
  refused: readonly InlineComment[],
): CheckReport[] {
  return checks.flatMap((check) => {
    const own = refused.filter(({ areas }) => areas.includes(check.area));
    if (own.length === 0) return [];
    const places = own.slice(0, MAX_PLACES).map(({ path, line }) => placeOf({ path, line }));
    const more = own.length - places.length;
    const where = `${places.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    const noun = own.length === 1 ? 'it' : 'them';
    const note = `GitHub did not take ${count(own.length, 'comment')}, on ${where}: the conversation may be locked, a permission of the App missing, or GitHub in trouble. The findings above say the same as ${noun}.`;
    const text =
      note.length <= ROOM_FOR_REFUSALS
        ? note
        : `GitHub did not take ${count(own.length, 'comment')}; the findings above say the same as ${noun}.`;
    return { ...check, summary: `${check.summary}\n\n${text}` };
  });
}

/** What a check says while comments wait; the next review of the commit takes it away. */
export const LATE =
  'GitHub asks Fluxgate to wait before it says more: comments on lines follow as soon as it may.';

/** Those checks whose comments GitHub makes wait, with a line that says so. */
export function tellLate(
  checks: readonly CheckReport[],
  late: readonly InlineComment[],
): CheckReport[] {
  return checks
    .filter(({ area }) => late.some(({ areas }) => areas.includes(area)))
    .map((check) => ({ ...check, summary: `${check.summary}\n\n${LATE}` }));
}
