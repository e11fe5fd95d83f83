import type { Area, Effect, Finding } from '../model/finding.ts';
import type { Conclusion, Review } from '../model/review.ts';
import { toCheckRuns } from './check-run.ts';
import { toVisible, toVisibleLines } from './escape.ts';
import { gatherGaps } from './gather.ts';
import type { RuleTexts } from './rule-text.ts';
import { tellUnread } from './unread.ts';
import { areaOf, count, nameSubject, wordLapsed } from './words.ts';

/** Colours of a terminal; identity functions where there is none. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

export interface PrettyOptions {
  readonly colours: Colours;
  /** Also list what existed before, one by one. */
  readonly all: boolean;
  readonly rules: RuleTexts;
}

/** Most names in a line that tells of several gaps, unless all are asked for. */
const MAX_NAMES = 8;

/** Longest line about a gap, characters: names of more releases than a repository has. */
const MAX_REASON = 50_000;

/** The review for a terminal. */
export function renderPretty(review: Review, { colours, all, rules }: PrettyOptions): string {
  const lines: string[] = [];
  for (const run of toCheckRuns(review, rules)) {
    lines.push(`${mark(run.conclusion, colours)} ${colours.bold(run.name)}: ${run.title}`);
    for (const text of goodNews(review, run.area))
      lines.push(`  ${colours.green('good')}     ${text}`);
    const findings = review.findings.filter(({ rule }) => areaOf(rule) === run.area);
    for (const finding of findings) {
      if (all || finding.change === 'introduced') lines.push(...renderFinding(finding, colours));
    }
    const gaps = review.unknowns.filter(
      ({ area, change }) => area === run.area && (all || change === 'introduced'),
    );
    for (const { reason } of gatherGaps(gaps, all ? gaps.length : MAX_NAMES)) {
      lines.push(`  ${colours.yellow('unknown')}  ${toVisible(reason, MAX_REASON)}`);
    }
    lines.push(...rest(findings, all, colours));
  }
  const unread = tellUnread(review.unread ?? [], toVisible);
  if (unread !== '') lines.push(colours.dim(unread));
  for (const note of review.notes) lines.push(colours.dim(toVisible(note)));
  return lines.join('\n');
}

function goodNews({ sections = [] }: Review, area: Area): string[] {
  return sections
    .filter((section) => section.area === area && section.isGood)
    .flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'text' ? [toVisible(block.text, 2000)] : [])),
    );
}

function mark(conclusion: Conclusion, { red, yellow, green }: Colours): string {
  if (conclusion === 'failure') return red('✗');
  return conclusion === 'neutral' ? yellow('–') : green('✓');
}

function renderFinding(finding: Finding, colours: Colours): string[] {
  const { effect, change, primary, subject, message, rule, clusters, remedy, related, detail } =
    finding;
  const where = clusters
    .map(({ name, policy }) => (policy ? `${name} (${policy})` : name))
    .join(', ');
  const lines = [
    `  ${paint(effect, colours)}  ${colours.cyan(`${toVisible(primary.path)}:${primary.line}`)}  ${toVisible(nameSubject(subject))}${change === 'introduced' ? '' : colours.dim(` [${change}]`)}`,
    `    ${toVisible(message, 2000)}`,
    colours.dim(`    ${rule}${where && ` in ${toVisible(where)}`}`),
  ];
  for (const place of related) {
    lines.push(colours.dim(`    ${toVisible(place.path)}:${place.line}  ${toVisible(place.why)}`));
  }
  if (detail !== undefined) lines.push(colours.dim(`    ${toVisibleLines(detail)}`));
  if (remedy !== undefined) lines.push(`    ${colours.green('fix:')} ${toVisible(remedy.summary)}`);
  return lines;
}

function paint(effect: Effect, { red, yellow, dim }: Colours): string {
  const padded = effect.padEnd(7);
  if (effect === 'denied' || effect === 'risk') return red(padded);
  return effect === 'warned' ? yellow(padded) : dim(padded);
}

function rest(findings: readonly Finding[], all: boolean, { dim }: Colours): string[] {
  if (all) return [];
  const existing = findings.filter(({ change }) => change === 'existing').length;
  const fixed = findings.filter(({ change }) => change === 'fixed').length;
  const lapsed = findings.filter(({ change }) => change === 'lapsed').length;
  const parts = [];
  if (existing > 0) parts.push(`${count(existing, 'finding')} existed before (--all lists them)`);
  if (fixed > 0) parts.push(`${count(fixed, 'finding')} fixed`);
  if (lapsed > 0) parts.push(wordLapsed(lapsed));
  return parts.length > 0 ? [dim(`  ${parts.join('; ')}`)] : [];
}
