import type { Area } from '../model/finding.ts';
import { matchesGlob } from '../model/glob.ts';
import type { ReviewedWaiver } from '../model/waiver.ts';
import { code, escapeMarkdown } from './escape.ts';
import { count } from './words.ts';

/** Owners are reminded this long before a waiver ends. */
const WARN_DAYS = 14;

/** Characters of a folded list. */
const MAX_FOLD = 3000;

/** The waivers that concern an area; those that are not needed here are folded away. */
export interface RenderedWaivers {
  readonly section: string | undefined;
  readonly fold: string | undefined;
}

/** What there is to tell of the waivers that concern an area. */
export function renderWaivers(waivers: readonly ReviewedWaiver[], area: Area): RenderedWaivers {
  const own = waivers.filter(({ rule }) => matchesGlob(rule.slice(0, rule.indexOf('/')), area));
  const [told, quiet] = [own.filter(isToBeSeen), own.filter((waiver) => !isToBeSeen(waiver))];
  return {
    section: told.length === 0 ? undefined : `### Waivers\n\n${told.map(toLine).join('\n')}`,
    fold: quiet.length === 0 ? undefined : renderFold(quiet),
  };
}

/** Whether it does something here, or asks somebody to act. */
function isToBeSeen({ state, daysLeft }: ReviewedWaiver): boolean {
  return state !== 'unused' || daysLeft <= WARN_DAYS;
}

function renderFold(waivers: readonly ReviewedWaiver[]): string {
  const lines: string[] = [];
  let used = 0;
  for (const line of waivers.map(toLine)) {
    used += line.length + 1;
    if (used > MAX_FOLD) break;
    lines.push(line);
  }
  const more = waivers.length - lines.length;
  if (more > 0) lines.push(`- and ${more} more: ${code('fluxgate config show')} lists them.`);
  const title = `${count(waivers.length, 'waiver')} ${waivers.length === 1 ? 'is' : 'are'} not needed here`;
  return `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function toLine(waiver: ReviewedWaiver): string {
  return `- ${wordWaiver(waiver)}`;
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
