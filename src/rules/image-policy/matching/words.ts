import { quoteBriefly } from '../../../versions/quote.ts';
import { type Alternative, CHOICES, DEMANDS, type Filter } from './filter.ts';

const MOST = 3;

/** `"a", "b" and 2 more`: text of the repository, quoted and cut. */
export function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, MOST).map(quoteBriefly).join(', ');
  return texts.length > MOST ? `${shown} and ${texts.length - MOST} more` : shown;
}

/** What alternatives of a `match` let in, inside a sentence. */
export function wordsOf(alternatives: readonly Alternative[]): string {
  const words = [
    ...new Set(alternatives.map((each) => merge(each).map(toWords).join(', if they are also '))),
  ];
  const shown = words.slice(0, MOST).join(', and ');
  return words.length > MOST ? `${shown}, and ${words.length - MOST} more` : shown;
}

/** One filter of all, where no two ask for the same. */
function merge(filters: Alternative): Alternative {
  const [first] = filters;
  if (first === undefined || filters.length === 1) return filters;
  const { choices, demands } = first;
  const merged = { at: first.at, choices: { ...choices }, demands: { ...demands } };
  for (const filter of filters.slice(1)) {
    for (const field of CHOICES) {
      if (filter.choices[field].length === 0) continue;
      if (merged.choices[field].length > 0) return filters;
      merged.choices[field] = filter.choices[field];
    }
    for (const field of DEMANDS) {
      if (filter.demands[field].length > 0) merged.demands[field] = filter.demands[field];
    }
  }
  return [merged];
}

function toWords({ choices, demands }: Filter): string {
  const { kinds, namespaces, names, operations } = choices;
  const isAny = kinds.length === 0 || kinds.includes('*');
  const parts = [isAny ? 'objects of every kind' : plainly(kinds)];
  if (names.length > 0) parts.push(`named ${listed(names)}`);
  if (demands.selector.length > 0) parts.push('that a selector picks');
  if (demands.annotations.length > 0) parts.push('with certain annotations');
  if (demands.namespaceSelector.length > 0) parts.push('in namespaces that a selector picks');
  else if (namespaces.length > 0 && !namespaces.includes('*')) {
    parts.push(`in namespace${namespaces.length > 1 ? 's' : ''} ${listed(namespaces)}`);
  } else if (names.length === 0) parts.push('in every namespace');
  if (operations.length > 0) parts.push(`on ${plainly(operations)}`);
  const users = [choices.subjects, choices.roles, choices.clusterRoles];
  if (users.some((each) => each.length > 0)) parts.push('from certain users');
  return parts.join(' ');
}

/** Kinds and operations as they are, where they look like ones. */
function plainly(texts: readonly string[]): string {
  return texts.every((each) => /^[A-Za-z]{1,60}$/.test(each)) && texts.length <= MOST
    ? texts.join(', ')
    : listed(texts);
}
