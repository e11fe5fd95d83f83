import type { Colours } from './pretty.ts';
import { codeBlock } from './escape.ts';
import { AREA_NAMES } from './words.ts';
import type { Area } from '../model/finding.ts';

/** A rule with its documentation, as the caller's list of rules has it. */
export interface ExplainedRule {
  readonly id: string;
  readonly area: Area;
  readonly title: string;
  readonly since: string;
  readonly fails?: true;
  readonly docs: {
    readonly protects: string;
    readonly allows: readonly string[];
    readonly fix: string;
    readonly exception: string;
    readonly limits?: string;
    readonly bad: Readonly<Record<string, string>>;
    readonly good: Readonly<Record<string, string>>;
    readonly links: readonly string[];
  };
}

/** A rule's page in `docs/rules/`, and what a command answers. Our own text: nothing to escape. */
export function renderRulePage(rule: ExplainedRule): string {
  const { id, area, title, since, fails, docs } = rule;
  const parts = [
    `# ${title}`,
    `\`${id}\` · ${AREA_NAMES[area]} · since ${since}${fails ? ' · fails the check whatever `failOn` says' : ''}`,
    docs.protects,
    '## What is allowed',
    docs.allows.map((line) => `- ${line}`).join('\n'),
    '## How to fix it',
    docs.fix,
    '## When an exception is legitimate',
    docs.exception,
    ...(docs.limits === undefined ? [] : ['## What this does not cover', docs.limits]),
    '## Refused',
    renderFiles(docs.bad),
    '## Accepted',
    renderFiles(docs.good),
    docs.links.map((link) => `- <${link}>`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/**
 * What a comment answers about a rule: shorter than its page, with the examples folded away.
 *
 * @param here the findings of it that there are, as a list; empty for none
 */
export function renderRuleAnswer(rule: ExplainedRule, here: string): string {
  const { id, area, title, since, fails, docs } = rule;
  const parts = [
    `### ${title}`,
    `\`${id}\` · ${AREA_NAMES[area]} · since ${since}${fails ? ' · fails the check whatever `failOn` says' : ''}`,
    docs.protects,
    ...(here === '' ? [] : ['**In this pull request**', here]),
    '**What is allowed**',
    docs.allows.map((line) => `- ${line}`).join('\n'),
    `**How to fix it.** ${docs.fix}`,
    `**When an exception is legitimate.** ${docs.exception}`,
    ...(docs.limits === undefined ? [] : [`**What this does not cover.** ${docs.limits}`]),
    fold('An example that is refused', renderFiles(docs.bad)),
    fold('The same, accepted', renderFiles(docs.good)),
    docs.links.map((link) => `- <${link}>`).join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function fold(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

function renderFiles(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([path, text]) => `\`${path}\`\n\n${codeBlock(text.trimEnd(), 'yaml')}`)
    .join('\n\n');
}

/** A rule for a terminal. */
export function renderRule(rule: ExplainedRule, { bold, dim, red, green }: Colours): string {
  const { id, title, area, since, docs } = rule;
  const parts = [
    `${bold(title)}\n${dim(`${id} · ${AREA_NAMES[area]} · since ${since}`)}`,
    wrap(docs.protects),
    `${bold('What is allowed')}\n${docs.allows.map((line) => wrap(`- ${line}`, '  ')).join('\n')}`,
    `${bold('How to fix it')}\n${wrap(docs.fix)}`,
    `${bold('When an exception is legitimate')}\n${wrap(docs.exception)}`,
    ...(docs.limits === undefined
      ? []
      : [`${bold('What this does not cover')}\n${wrap(docs.limits)}`]),
    `${bold(red('Refused'))}\n${indentFiles(docs.bad, dim)}`,
    `${bold(green('Accepted'))}\n${indentFiles(docs.good, dim)}`,
    dim(docs.links.join('\n')),
  ];
  return parts.join('\n\n').replaceAll('`', '');
}

function indentFiles(
  files: Readonly<Record<string, string>>,
  dim: (text: string) => string,
): string {
  return Object.entries(files)
    .map(([path, text]) => `${dim(`  # ${path}`)}\n${text.trimEnd().replace(/^/gm, '  ')}`)
    .join('\n');
}

const WIDTH = 88;

/** Breaks a paragraph at blanks; lines after the first begin with `indent`. */
function wrap(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
