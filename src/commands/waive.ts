import { type Finding, isGone } from '../model/finding.ts';
import { matchesGlob } from '../model/glob.ts';
import { code, codeBlock, escapeMarkdown, toVisible } from '../report/escape.ts';
import { count } from '../report/words.ts';
import { MAX_DAYS, subjectText, waiverState } from '../review/waivers.ts';
import { type Command, type Conversation, misread, type Reply } from './command.ts';
import { suggestRules } from './near-rules.ts';
import { withoutTicks } from './parse.ts';

const WORDS = /^(\S+)\s+(\S+)(?:\s+by\s+(\S+))?\s+until\s+(\S.*?)\s+because\s+(\S.*)$/;
/** Names of people whose accounts an enterprise manages hold an underscore. */
const OWNER = /^@[A-Za-z0-9][A-Za-z0-9_-]{0,38}(?:\/[A-Za-z0-9._-]{1,100})?$/;
const CONFIG_PATH = '.github/fluxgate.yaml';
const MAX_SUBJECTS = 5;

interface Wanted {
  readonly rule: string;
  readonly subject: string;
  readonly owner: string | undefined;
  readonly expires: string;
  readonly reason: string;
}

/** `/pss-waive`: the waiver as it is to be written. Changes nothing: a merge into the base does. */
export const waiveCommand: Command = {
  name: '/pss-waive',
  usage: '/pss-waive RULE SUBJECT [by @OWNER] until DATE because REASON',
  says: 'the exact lines of a waiver, and where they go',
  needsWrite: true,
  read(words) {
    const [, ...written] = WORDS.exec(words) ?? [];
    const [rule, subject, owner, expires] = written
      .slice(0, 4)
      .map((word) => word && withoutTicks(word));
    const reason = written[4];
    if (!rule || !subject || !expires || !reason) {
      return misread(
        waiveCommand,
        'A waiver needs a rule, a subject such as `DaemonSet/monitoring/node-exporter`, a last day and a reason.',
      );
    }
    if (owner !== undefined && !OWNER.test(owner)) {
      return misread(waiveCommand, 'An owner is a person or a team: `@ada`, `@acme/platform`.');
    }
    const wanted = { rule, subject, owner, expires, reason: toVisible(reason.trim()) };
    return {
      question: `/pss-waive ${JSON.stringify([rule, subject])}`,
      needsWrite: true,
      reply: (conversation) => reply(wanted, conversation),
    };
  },
};

async function reply(wanted: Wanted, conversation: Conversation): Promise<Reply> {
  const problem = problemOf(wanted, conversation);
  if (problem !== undefined) return { isDone: false, body: problem };
  const { findings } = await conversation.review();
  const covered = findings.filter((finding) => isCovered(wanted, finding)).length;
  const parts = [
    `Add this to ${code(CONFIG_PATH)} on the base branch, below ${code('waivers:')} where the file has some already:`,
    codeBlock(toYaml(wanted, conversation.asker), 'yaml'),
    covered > 0
      ? `It covers ${count(covered, 'finding')} of this pull request.`
      : `**It covers no finding of this pull request.** ${wordSubjects(wanted, findings)}`,
    'Nothing has changed yet: a waiver counts once it is merged into the base. A new file begins with `version: 1`.',
  ];
  return { isDone: true, body: parts.join('\n\n') };
}

function problemOf({ rule, expires }: Wanted, { rules, now }: Conversation): string | undefined {
  if (!rules.some(({ id }) => matchesGlob(rule, id))) {
    return `There is no rule ${code(rule)}. ${suggestRules(rule, rules)}`;
  }
  const day = /^\d{4}-\d{2}-\d{2}$/.test(expires) ? Date.parse(expires) : Number.NaN;
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(expires)) {
    return `${escapeMarkdown(expires)} is no day: write it as ${code('2027-03-31')}.`;
  }
  switch (waiverState({ expires }, now)) {
    case 'expired':
      return `${code(expires)} is over already.`;
    case 'too-long':
      return `${code(expires)} is more than ${MAX_DAYS} days ahead: a waiver is decided again by then.`;
    case undefined:
      return undefined;
  }
}

/** How the subject may have been meant: as those that the rule is about here. */
function wordSubjects({ rule }: Wanted, findings: readonly Finding[]): string {
  const about = findings.filter(
    (finding) => !isGone(finding.change) && matchesGlob(rule, finding.rule),
  );
  const subjects = [...new Set(about.map(subjectText))];
  if (subjects.length === 0) {
    return `A subject is written ${code('Kind/namespace/name')}, or ${code('Kind//name')} where there is no namespace.`;
  }
  const shown = subjects.slice(0, MAX_SUBJECTS).map((subject) => code(subject));
  const more = subjects.length - shown.length;
  return `What this rule finds here is about ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function isCovered({ rule, subject }: Wanted, finding: Finding): boolean {
  const { change } = finding;
  return (
    !isGone(change) && matchesGlob(rule, finding.rule) && matchesGlob(subject, subjectText(finding))
  );
}

function toYaml({ rule, subject, owner, expires, reason }: Wanted, asker: string): string {
  return [
    'waivers:',
    `  - rule: ${toScalar(rule)}`,
    `    subject: ${toScalar(subject)}`,
    `    owner: ${JSON.stringify(owner ?? `@${asker}`)}`,
    `    reason: ${toScalar(reason)}`,
    `    expires: ${expires}`,
  ].join('\n');
}

/** Plain where every reader takes it as the text that it is, else quoted: JSON's strings are YAML's. */
function toScalar(text: string): string {
  return /^[A-Za-z][A-Za-z0-9 ,./'_-]*[A-Za-z0-9.]$/.test(text) &&
    !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
