import type { Finding } from '../model/finding.ts';
import type { Review, ReviewUnknown, Verdict } from '../model/review.ts';
import { renderAreaSections } from './area-sections.ts';
import { code, escapeMarkdown } from './escape.ts';
import { gatherGaps, otherPlaces, otherRules } from './gather.ts';
import { CALM, headlineOf } from './headline.ts';
import { MAX_SUMMARY, ROOM_FOR_ASKING, ROOM_FOR_REFUSALS } from './limits.ts';
import { renderNotes } from './notes.ts';
import { ALL, addFolded, Paragraphs } from './paragraphs.ts';
import type { RuleTexts } from './rule-text.ts';
import { renderReach } from './reach.ts';
import { placeOf } from './section.ts';
import { addSections } from './sections.ts';
import { renderSettings } from './settings.ts';
import { renderTable } from './table.ts';
import { tellUnread } from './unread.ts';
import { renderWaivers } from './waivers.ts';
import { areaOf, count, countEffects, wordLapsed } from './words.ts';

/** Exceptions and settings get no more than this, characters. */
const MAX_SECTION = 6000;

/**
 * The page of a check run, Markdown: one sentence, a table by cluster and namespace, a section for
 * each finding, what existed before and what is gone. Exact counts always; what has no room is
 * counted, with the command that shows it.
 */
export function renderPage(
  review: Review,
  verdict: Verdict,
  rules: RuleTexts,
  budget = MAX_SUMMARY - ROOM_FOR_REFUSALS - ROOM_FOR_ASKING - 4,
): string {
  const { area } = verdict;
  const findings = review.findings.filter(({ rule }) => areaOf(rule) === area);
  const introduced = findings.filter(({ change, waiver }) => change === 'introduced' && !waiver);
  const gaps = review.unknowns.filter((unknown) => unknown.area === area);
  const page = new Paragraphs(budget);
  page.add(openingOf(verdict, introduced, findings));
  const [good, others] = [true, false].map((isGood) =>
    (review.sections ?? []).filter((section) => (section.isGood === true) === isGood),
  );
  for (const section of renderAreaSections(good ?? [], area)) page.addLines(section, MAX_SECTION);
  if (area === 'gitops') page.add(renderReach(review));
  page.add(renderTable(introduced));
  addGaps(page, gaps);
  addSections(page, introduced, findings, rules);
  for (const section of renderAreaSections(others ?? [], area)) {
    page.addLines(section, MAX_SECTION);
  }
  const waivers = renderWaivers(review.waivers ?? [], area);
  page.addLines(waivers.section ?? '', MAX_SECTION);
  page.add(waivers.fold ?? '');
  page.addLines(renderSettings(review.settings, area) ?? '', MAX_SECTION);
  const fixed = findings.filter(({ change }) => change === 'fixed');
  const lapsed = findings.filter(({ change }) => change === 'lapsed');
  const existing = findings.filter(({ change }) => change === 'existing');
  const isCalm = introduced.length === 0 && gaps.every(({ change }) => change === 'existing');
  addFolded(page, `This change fixes ${count(fixed.length, 'finding')}`, fixed);
  addFolded(
    page,
    `${wordLapsed(lapsed.length)}: what ${lapsed.length === 1 ? 'it is' : 'they are'} measured by changed`,
    lapsed,
  );
  if (!isCalm) {
    const do_ = existing.length === 1 ? 'does' : 'do';
    const title = `${count(existing.length, 'finding')} existed before and ${do_} not fail this check`;
    addFolded(page, title, existing);
  }
  if (area === 'gitops') {
    const unread = tellUnread(review.unread ?? [], (path) => code(path, 200));
    if (unread !== '') page.add(`<sub>${unread}</sub>`);
  }
  for (const note of renderNotes(review.notes)) page.add(note);
  return page.text();
}

function openingOf(
  verdict: Verdict,
  introduced: readonly Finding[],
  findings: readonly Finding[],
): string {
  const { area, because } = verdict;
  if (because === 'not-judged')
    return 'This version does not judge this area: nothing is said about it.';
  if (introduced.length === 0) {
    const existing = findings.filter(({ change }) => change === 'existing').length;
    const before =
      existing === 0
        ? ''
        : ` ${count(existing, 'finding')} existed before; \`fluxgate scan\` lists ${existing === 1 ? 'it' : 'them'}.`;
    return because === 'unknown'
      ? `Some of this change could not be evaluated: that is not a pass.${before}`
      : `${CALM[area]}${before}`;
  }
  return `**${headlineOf(introduced, (name) => code(name, 120))}.**\n${verdictLine(verdict, introduced)}`;
}

function verdictLine({ conclusion, because }: Verdict, introduced: readonly Finding[]): string {
  const counts = `Introduced by this change: ${countEffects(introduced)}.`;
  if (because === 'advisory') return `${counts} Advisory mode: this does not fail the check.`;
  if (conclusion === 'failure') return counts;
  return `${counts} This does not fail the check.`;
}

/** Longest list of gaps that anybody reads. */
const MAX_GAPS = 20;

/** Most names in a line that tells of several. */
const MAX_NAMES = 4;

function addGaps(page: Paragraphs, gaps: readonly ReviewUnknown[]): void {
  const fresh = gaps.filter(({ change }) => change === 'introduced');
  const before = gaps.length - fresh.length;
  if (fresh.length > 0) {
    const gathered = gatherGaps(fresh, MAX_NAMES);
    const lines = gathered.slice(0, MAX_GAPS).map((gap) => {
      const { reason, place, clusters, rule } = gap;
      const where = place === undefined ? '' : `${placeOf(place)}${otherPlaces(gap)}: `;
      const named = clusters.slice(0, 3).map((name) => code(name, 80));
      const who = named.length === 0 ? '' : ` in ${named.join(', ')}`;
      return `- ${where}${escapeMarkdown(reason, 600)} (${code(rule)}${otherRules(gap)}${who})`;
    });
    const more = gathered.slice(MAX_GAPS).reduce((sum, { times }) => sum + times, 0);
    if (more > 0) lines.push(`- and ${more} more: ${ALL}`);
    page.add(`### Not evaluated\n\n${lines.join('\n')}`);
  }
  if (before > 0) {
    page.add(
      `<sub>${before === 1 ? 'One thing' : `${before} things`} could not be evaluated, as before this change: \`fluxgate scan\` tells which.</sub>`,
    );
  }
}
