import type { Change, ClusterFinding, Effect, Finding, RelatedPlace } from '../model/finding.ts';
import { renderEdits } from './edit-diff.ts';
import { code, codeBlock, escapeMarkdown } from './escape.ts';
import { explainLine, type RuleTexts, titleOfRule, whyOf } from './rule-text.ts';
import { nameSubject } from './words.ts';

/** An exact text longer than this is somebody's attempt to fill the page. */
const MAX_DETAIL = 6000;

export const EFFECT_NAMES: Record<Effect, string> = {
  denied: 'Refused',
  risk: 'Risk',
  warned: 'Warning',
  audited: 'Audit log',
  advice: 'Advice',
};

export interface SectionOptions {
  readonly rules: RuleTexts;
  /** Places that the page has named already. */
  readonly known: readonly RelatedPlace[];
  /** Whether the exact text stands here; it is the same for all findings of a pod. */
  readonly hasDetail: boolean;
  /** Whether the page still has to say why such a finding matters. */
  readonly hasWhy: boolean;
  /** The policy that the page has named already. */
  readonly policy: string | undefined;
}

/** One finding: what, where, why it matters, how to mend it, where it is explained. */
export function renderSection(finding: Finding, options: SectionOptions): string {
  const { rule, effect, subject, message, remedy, related, detail, primary } = finding;
  const { rules, known, hasDetail, hasWhy, policy } = options;
  const others = related.filter((place) => !known.some((one) => isSamePlace(one, place)));
  const why = hasWhy ? whyOf(rule, rules) : '';
  const edits = renderEdits(remedy?.edits ?? []);
  const parts = [
    `#### ${EFFECT_NAMES[effect]}: ${code(nameSubject(subject))}, ${lowered(titleOfRule(rule, rules))}`,
    `${escapeMarkdown(message, 1000)}${why === '' ? '' : `\n${why}`}`,
    [
      `- ${placeOf(primary)}${clustersOf(finding, policy)}`,
      ...others.map((place) => `- ${placeOf(place)}: ${escapeMarkdown(place.why)}`),
    ].join('\n'),
  ];
  if (remedy !== undefined) parts.push(`**Fix:** ${escapeMarkdown(remedy.summary, 1000)}`);
  if (edits !== '') parts.push(edits);
  if (remedy?.caution !== undefined)
    parts.push(`**Before you merge the fix:** ${escapeMarkdown(remedy.caution, 1000)}`);
  if (detail !== undefined && hasDetail) parts.push(renderDetail(detail));
  parts.push(explainLine(rule));
  return parts.join('\n\n');
}

/** The exact text of admission or Flux, folded away. */
export function renderDetail(detail: string): string {
  const more = detail.length - MAX_DETAIL;
  const shown = more > 0 ? detail.slice(0, MAX_DETAIL) : detail;
  const rest =
    more > 0
      ? `\n\nand ${more} more characters: ${code('fluxgate review --format json')} has all.`
      : '';
  return `<details><summary>Exact text</summary>\n\n${codeBlock(shown)}${rest}\n\n</details>`;
}

/** The finding on one line, where there is no room for more. */
export function renderLine(finding: Finding): string {
  const { rule, effect, subject, primary, message } = finding;
  return `- ${EFFECT_NAMES[effect]}: ${code(nameSubject(subject), 120)}, ${placeOf(primary)}: ${escapeMarkdown(message, 160)} (${code(rule)})${clustersOf(finding)}`;
}

export function placeOf({ path, line }: { path: string; line: number }): string {
  return code(`${path}:${line}`);
}

function isSamePlace(a: RelatedPlace, b: RelatedPlace): boolean {
  return a.path === b.path && a.line === b.line && a.why === b.why;
}

/** Our own titles begin with a capital unless they are names. */
function lowered(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}

const CHANGE_NAMES: Record<Change, string> = {
  introduced: 'new',
  existing: 'already before',
  lapsed: 'no longer',
  fixed: 'fixed',
};

/** More clusters than this are told by their number. */
const MAX_CLUSTERS = 12;

/** Where a finding holds, and how where that differs. */
function clustersOf({ clusters, effect, change }: Finding, known?: string): string {
  if (clusters.length === 0) return '';
  const named = clusters.slice(0, MAX_CLUSTERS).map((cluster) => {
    const notes = notesOf(cluster, { effect, change, policy: known });
    return `${code(cluster.name, 80)}${notes === '' ? '' : ` (${notes})`}`;
  });
  const more = clusters.length - named.length;
  return ` in ${named.join(', ')}${more > 0 ? ` and ${more} more clusters` : ''}`;
}

function notesOf(
  cluster: ClusterFinding,
  { effect, change, policy }: { effect: Effect; change: Change; policy: string | undefined },
): string {
  return [
    ...(cluster.policy === undefined || cluster.policy === policy
      ? []
      : [code(cluster.policy, 80)]),
    ...(cluster.effect === effect ? [] : [EFFECT_NAMES[cluster.effect].toLowerCase()]),
    ...(cluster.change === change ? [] : [CHANGE_NAMES[cluster.change]]),
  ].join(', ');
}
