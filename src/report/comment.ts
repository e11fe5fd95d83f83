import type { ClusterFinding } from '../model/finding.ts';
import type { Suggestion } from '../model/suggestion.ts';
import type { Cause } from './causes.ts';
import { code, escapeMarkdown } from './escape.ts';
import { headlineOf } from './headline.ts';
import { explainLine } from './rule-text.ts';
import { EFFECT_NAMES, renderDetail } from './section.ts';
import { areaOf, count, NO_CLUSTER, strongestOf } from './words.ts';

/** A comment names no more than this; the check run's page has all. */
const MAX_FINDINGS = 8;
const MAX_DETAILS = 2;

/** The words of a comment about one cause. */
export function toCommentBody(cause: Cause, suggestion: Suggestion | undefined): string {
  const shown = cause.slice(0, MAX_FINDINGS);
  const rules = [...new Set(shown.map(({ rule }) => rule))];
  const parts = [
    `**${headlineOf(cause, (name) => code(name, 120))}.**${policiesOf(cause)}`,
    sayMessages(cause, shown),
    ...sayFix(cause, suggestion),
    ...detailsOf(cause),
    rules.map(explainLine).join('<br>'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function sayMessages(cause: Cause, shown: readonly Cause[number][]): string {
  const messages = [...new Set(shown.map(({ message }) => escapeMarkdown(message, 1000)))];
  const more = cause.length - shown.length;
  if (messages.length === 1 && more === 0) return messages.join('');
  const lines = messages.map((message) => `- ${message}`);
  if (more > 0) lines.push(`- and ${count(more, 'more finding')}: the check run lists them.`);
  return lines.join('\n');
}

const MAX_POLICIES = 4;
const MAX_NAMES = 4;

/**
 * Policies by cluster, where there are any: `restricted:latest` in production, and in staging,
 * where it only warns.
 */
function policiesOf(cause: Cause): string {
  const strongest = strongestOf(cause);
  const named = new Map<string, Map<string, string>>();
  const clusters: readonly ClusterFinding[] = cause.flatMap((finding) => finding.clusters);
  for (const { name, policy, effect } of clusters) {
    if (policy === undefined) continue;
    const known = named.get(policy) ?? new Map<string, string>();
    const note = effect === strongest ? '' : ` (${EFFECT_NAMES[effect].toLowerCase()})`;
    if (!known.has(name) || note === '') known.set(name, note);
    named.set(policy, known);
  }
  const words = [...named].slice(0, MAX_POLICIES).map(([policy, names]) => {
    const where = wordClusters(names);
    return `${code(policy, 80)}${where === '' ? '' : ` in ${where}`}`;
  });
  const what = cause.every(({ rule }) => areaOf(rule) === 'pod-security') ? 'level' : 'policy';
  return words.length === 0 ? '' : ` The ${what} is ${words.join('; ')}.`;
}

function wordClusters(names: ReadonlyMap<string, string>): string {
  const [[only, note] = ['', '']] = names;
  if (names.size === 1 && only === NO_CLUSTER && note === '') return '';
  return names.size > MAX_NAMES
    ? `${names.size} clusters`
    : [...names].map(([name, note]) => `${code(name, 80)}${note}`).join(', ');
}

/** The fix in words, and as a block that GitHub commits at one click. */
function sayFix(cause: Cause, suggestion: Suggestion | undefined): string[] {
  const remedies = cause.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy]));
  const summaries = [...new Set(remedies.map(({ summary }) => escapeMarkdown(summary, 500)))];
  const cautions = [
    ...new Set(
      remedies.flatMap(({ caution }) =>
        caution === undefined ? [] : [escapeMarkdown(caution, 500)],
      ),
    ),
  ];
  const parts: string[] = [];
  if (summaries.length > 0) parts.push(`**Fix:** ${summaries.slice(0, MAX_FINDINGS).join(' ')}`);
  if (suggestion !== undefined) {
    const left = cause.length - suggestion.mends.length;
    if (left > 0) {
      parts.push(
        `This mends ${suggestion.mends.length} of ${cause.length}; for the rest, see above.`,
      );
    }
    parts.push(suggestionBlock(suggestion.edit.lines));
  }
  if (cautions.length > 0)
    parts.push(`**Before you commit it:** ${cautions.slice(0, 3).join(' ')}`);
  return parts;
}

/** Literal, and longer fenced than anything inside: what stands here is committed as it is. */
export function suggestionBlock(lines: readonly string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}suggestion\n${lines.length === 0 ? '' : `${text}\n`}${fence}`;
}

function detailsOf(cause: Cause): string[] {
  const details = [
    ...new Set(cause.flatMap(({ detail }) => (detail === undefined ? [] : [detail]))),
  ];
  return details.slice(0, MAX_DETAILS).map(renderDetail);
}
