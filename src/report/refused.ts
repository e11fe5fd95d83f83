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
    const note = `GitHub did not take ${count(own.length, 'comment')}, on ${where}: the conversation may be locked, or a permission of the App missing. The findings above say the same as ${noun}.`;
    const text =
      note.length <= ROOM_FOR_REFUSALS
        ? note
        : `GitHub did not take ${count(own.length, 'comment')}; the findings above say the same as ${noun}.`;
    return { ...check, summary: `${check.summary}\n\n${text}` };
  });
}
