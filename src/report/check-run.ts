import type { Area, Finding } from '../model/finding.ts';
import type { Conclusion, Review, Verdict } from '../model/review.ts';
import { escapeMarkdown, code } from './escape.ts';
import { renderSettings } from './settings.ts';
import { renderWaivers } from './waivers.ts';
import { AREA_NAMES, checkName, count, countEffects, nameSubject } from './words.ts';

/** One check run, as it is published. */
export interface CheckRun {
  readonly area: Area;
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
}

/** Which area a rule belongs to; ids start with it. */
export function areaOf(rule: string): string {
  return rule.slice(0, rule.indexOf('/'));
}

/** The four check runs of a review. */
export function toCheckRuns(review: Review): CheckRun[] {
  return review.verdicts.map((verdict) => toCheckRun(review, verdict));
}

function toCheckRun(review: Review, verdict: Verdict): CheckRun {
  const { area, conclusion } = verdict;
  const findings = review.findings.filter(({ rule }) => areaOf(rule) === area);
  const unknowns = review.unknowns.filter((unknown) => unknown.area === area);
  const introduced = findings.filter(({ change }) => change === 'introduced');
  const title = titleOf(verdict, introduced);
  const parts = [`${title}.`];
  if (introduced.length > 0) parts.push(listFindings(introduced));
  if (unknowns.length > 0) {
    parts.push(
      '### Not evaluated',
      ...unknowns.map(({ reason, change }) => `- ${escapeMarkdown(reason)} (${change})`),
    );
  }
  const rest = restOf(findings);
  if (rest !== '') parts.push(rest);
  for (const section of [
    renderWaivers(review.waivers ?? [], area),
    renderSettings(review.settings, area),
  ]) {
    if (section !== undefined) parts.push(section);
  }
  for (const note of review.notes) parts.push(escapeMarkdown(note));
  return { area, name: checkName(area), conclusion, title, summary: parts.join('\n\n') };
}

function titleOf({ area, because }: Verdict, introduced: readonly Finding[]): string {
  switch (because) {
    case 'not-judged':
      return `This version does not judge ${AREA_NAMES[area]} yet`;
    case 'clean':
    case 'nothing-applies':
      return 'Nothing new to report';
    case 'unknown':
      return 'Some of this change could not be evaluated';
    case 'findings':
    case 'below-fail-on':
    case 'advisory':
      return `Introduced by this change: ${countEffects(introduced)}`;
  }
}

function listFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ effect, subject, message, primary, clusters, rule }) => {
      const where =
        clusters.length > 0 ? ` in ${clusters.map(({ name }) => code(name)).join(', ')}` : '';
      const place = code(`${primary.path}:${primary.line}`);
      return `- **${effect}** ${code(nameSubject(subject))}${where}, ${place}: ${escapeMarkdown(message, 1000)} (${code(rule)})`;
    })
    .join('\n');
}

function restOf(findings: readonly Finding[]): string {
  const existing = findings.filter(({ change }) => change === 'existing').length;
  const fixed = findings.filter(({ change }) => change === 'fixed').length;
  const parts = [];
  if (fixed > 0) parts.push(`This change fixes ${count(fixed, 'finding')}.`);
  if (existing > 0)
    parts.push(
      `${count(existing, 'finding')} existed before and ${existing === 1 ? 'does' : 'do'} not fail this check.`,
    );
  return parts.join(' ');
}
