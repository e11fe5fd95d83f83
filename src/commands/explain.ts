import { type Finding, isGone } from '../model/finding.ts';
import type { Review, ReviewUnknown } from '../model/review.ts';
import { toCommentBody } from '../report/comment.ts';
import { code, escapeMarkdown } from '../report/escape.ts';
import { type ExplainedRule, renderRuleAnswer } from '../report/explain.ts';
import { gatherGaps, otherPlaces, otherRules } from '../report/gather.ts';
import { count, nameSubject } from '../report/words.ts';
import type { Command, Conversation, Reply } from './command.ts';
import { suggestRules } from './near-rules.ts';
import { withoutTicks } from './parse.ts';

const MAX_LISTED = 10;

/** `/pss-explain`: a rule, or what was found about a resource, or the worst of the pull request. */
export const explainCommand: Command = {
  name: '/pss-explain',
  usage: '/pss-explain [RULE|RESOURCE]',
  says: 'what a rule means, or what was found about a resource; the worst finding without either',
  needsWrite: false,
  read(text) {
    const words = withoutTicks(text);
    return {
      question: `/pss-explain ${words}`,
      needsWrite: false,
      reply: (conversation) => explain(words, conversation),
    };
  },
};

/**
 * @param about a rule, a resource, or nothing
 * @param area only findings of this area, where a check's button asks
 */
export async function explain(
  about: string,
  conversation: Conversation,
  area?: string,
): Promise<Reply> {
  const rule = conversation.rules.find(({ id }) => id === about || id.endsWith(`/${about}`));
  if (about !== '' && rule) return explainRule(rule, await conversation.review());
  const { findings, unknowns } = await conversation.review();
  const found = about === '' ? worst(findings, conversation, area) : aboutResource(findings, about);
  const [first] = found;
  if (first !== undefined)
    return { isDone: true, body: describe([first, ...found.slice(1)], conversation) };
  if (about === '' && conversation.thread.length > 0) {
    return {
      isDone: true,
      body: 'What this thread is about no longer holds: there is nothing left to explain of it.',
    };
  }
  if (about === '') return { isDone: true, body: explainGaps(unknowns, area) };
  return {
    isDone: false,
    body: `There is neither a rule ${code(about)} nor a finding about it in this pull request. ${suggestRules(about, conversation.rules)}`,
  };
}

function explainRule(rule: ExplainedRule, { findings }: Review): Reply {
  const here = findings.filter((finding) => finding.rule === rule.id && !isGone(finding.change));
  return { isDone: true, body: renderRuleAnswer(rule, here.length === 0 ? '' : list(here)) };
}

/** Of the thread where there is one; else the first, which is the worst. */
function worst(
  findings: readonly Finding[],
  { thread }: Conversation,
  area: string | undefined,
): Finding[] {
  if (thread.length > 0) {
    return findings.filter(
      ({ fingerprint, change }) => !isGone(change) && thread.includes(fingerprint),
    );
  }
  const counted = findings.filter(
    ({ change, waiver, rule }) =>
      change === 'introduced' && !waiver && (area === undefined || rule.startsWith(`${area}/`)),
  );
  return counted.slice(0, 1);
}

/** What there is to say where nothing is found: what is not known is no pass. */
function explainGaps(unknowns: readonly ReviewUnknown[], area: string | undefined): string {
  const gaps = unknowns.filter(
    (unknown) => unknown.change === 'introduced' && (area === undefined || unknown.area === area),
  );
  if (gaps.length === 0) return 'There is nothing to explain: this change brings no findings.';
  const gathered = gatherGaps(gaps, MAX_LISTED);
  const lines = gathered.slice(0, MAX_LISTED).map((gap) => {
    const { reason, place, rule } = gap;
    const where =
      place === undefined ? '' : `${code(`${place.path}:${place.line}`)}${otherPlaces(gap)}: `;
    return `- ${where}${escapeMarkdown(reason, 600)} (${code(rule)}${otherRules(gap)})`;
  });
  const rest = gathered.slice(MAX_LISTED).reduce((sum, { times }) => sum + times, 0);
  return [
    'This change brings no findings, but some of it could not be evaluated, which is not a pass:',
    [...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join('\n'),
  ].join('\n\n');
}

/** By `Kind/namespace/name`, `namespace/name`, `Kind/name` or the name alone. */
function aboutResource(findings: readonly Finding[], about: string): Finding[] {
  return findings.filter(({ subject, change, primary }) => {
    const { kind, namespace = '', name } = subject;
    const names = [
      `${kind}/${namespace}/${name}`,
      `${kind}/${name}`,
      `${namespace}/${name}`,
      `${kind} ${namespace}/${name}`,
      name,
      primary.path,
    ];
    return !isGone(change) && names.includes(about);
  });
}

function describe(findings: readonly [Finding, ...Finding[]], { rules }: Conversation): string {
  const [first, ...others] = findings;
  const rule = rules.find(({ id }) => id === first.rule);
  const parts = [toCommentBody([first, ...others.slice(0, MAX_LISTED - 1)], undefined)];
  if (findings.length > MAX_LISTED) parts.push(`And ${findings.length - MAX_LISTED} more.`);
  if (rule) {
    const { protects, fix, exception } = rule.docs;
    parts.push(
      `**Why it matters.** ${protects}`,
      `**How to fix it.** ${fix}`,
      `**When an exception is legitimate.** ${exception}`,
      `More: ${code(`/pss-explain ${rule.id}`)}`,
    );
  }
  return parts.join('\n\n');
}

function list(findings: readonly Finding[]): string {
  const lines = findings
    .slice(0, MAX_LISTED)
    .map(
      ({ subject, primary, change }) =>
        `- ${code(nameSubject(subject))}, ${code(`${primary.path}:${primary.line}`)} (${change})`,
    );
  const rest = findings.length - lines.length;
  return [...lines, ...(rest > 0 ? [`- and ${count(rest, 'more', 'more')}`] : [])].join('\n');
}
