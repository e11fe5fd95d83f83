import { parseConstraint } from '../../../versions/constraint.ts';
import { rankedTags, type TaggedVersion } from '../../../versions/highest.ts';
import { compareVersions } from '../../../versions/order.ts';
import { compileFilter } from '../tag-filter.ts';
import { type Fetched, toTagged } from './fetched.ts';

type Range = Extract<Fetched, { state: 'range' }>;

/** The artifact that a range elects, or why that cannot be told, as a sentence. */
export type Elected = { readonly reference: string } | { readonly reason: string };

/** Tags that a filter is asked about: a hostile one takes long for each. */
const MOST_FILTERED = 2000;

/** The tag that Flux takes of a list. Range, filter and list are attacker-controlled. */
export function elect(range: Range, tags: readonly string[]): Elected {
  const { repository, isChart } = range;
  const parsed = parseConstraint(range.range);
  if (!parsed.ok) return { reason: `"${range.range}" is no range that Flux can read.` };
  if (isChart && tags.includes(range.range))
    return { reference: toTagged(repository, range.range) };
  const versions = isChart ? tags.map((tag) => tag.replaceAll('_', '+')) : tags;
  const ranked = rankedTags(parsed.constraint, versions);
  const passing = filtered(ranked, range);
  if ('reason' in passing) return passing;
  const [first, second] = passing.found;
  if (first === undefined) {
    return { reason: `None of its ${tags.length} tags is in range "${range.range}".` };
  }
  if (second !== undefined && compareVersions(first.version, second.version) === 0) {
    return {
      reason: `Its tags "${first.tag}" and "${second.tag}" are the same version, and Flux takes either.`,
    };
  }
  return { reference: toTagged(repository, first.tag) };
}

/** The first two that the filter lets in: the one that is taken, and whether it stands alone. */
function filtered(
  ranked: readonly TaggedVersion[],
  { filter }: Range,
): { readonly found: readonly TaggedVersion[] } | { readonly reason: string } {
  if (filter === undefined) return { found: ranked.slice(0, 2) };
  const { compiled } = compileFilter(filter);
  if (compiled === undefined) return { reason: 'Its `semverFilter` cannot be read.' };
  const found: TaggedVersion[] = [];
  for (const [index, each] of ranked.entries()) {
    const [first] = found;
    if (first !== undefined && compareVersions(first.version, each.version) !== 0) break;
    if (index === MOST_FILTERED) {
      return { reason: `Its \`semverFilter\` keeps the highest ${MOST_FILTERED} versions out.` };
    }
    if (compiled.matcher(each.tag).find()) found.push(each);
    if (found.length === 2) break;
  }
  return { found };
}
