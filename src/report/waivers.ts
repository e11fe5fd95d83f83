import type { Area } from '../model/finding.ts';
import { matchesGlob } from '../model/glob.ts';
import type { ReviewedWaiver } from '../model/waiver.ts';
import { code, escapeMarkdown } from './escape.ts';
import { count } from './words.ts';

/** Owners are reminded this long before a waiver ends. */
const WARN_DAYS = 14;

/** The waivers that concern an area, as a section; undefined where there are none. */
export function renderWaivers(waivers: readonly ReviewedWaiver[], area: Area): string | undefined {
  const lines = waivers
    .filter(({ rule }) => matchesGlob(rule.slice(0, rule.indexOf('/')), area))
    .map((waiver) => `- ${wordWaiver(waiver)}`);
  return lines.length === 0 ? undefined : `### Waivers\n\n${lines.join('\n')}`;
}

function wordWaiver(waiver: ReviewedWaiver): string {
  const { rule, subject, clusters, owner, reason, place } = waiver;
  const where = clusters ? ` in ${clusters.map((name) => code(name)).join(', ')}` : '';
  return `${code(rule)} for ${code(subject)}${where}: ${wordState(waiver)} ${code(owner)}: ${escapeMarkdown(reason)} (${code(`${place.path}:${place.line}`)})`;
}

function wordState({ state, expires, daysLeft, findings }: ReviewedWaiver): string {
  switch (state) {
    case 'used':
      return `covers ${count(findings, 'finding')}, ${wordDays(daysLeft, expires)}.`;
    case 'unused':
      return `not needed here, ${wordDays(daysLeft, expires)}.`;
    case 'expired':
      return `**expired** on ${expires}, so it counts for nothing.`;
    case 'too-long':
      return `**counts for nothing**: ${expires} is more than 400 days ahead.`;
    case 'after-merge':
      return `**counts after merge**: this pull request brings it, for ${count(findings, 'finding')} here, until ${expires}.`;
  }
}

function wordDays(days: number, expires: string): string {
  const text = `${count(days, 'day')} left (until ${expires})`;
  return days <= WARN_DAYS ? `**${text}**` : text;
}
