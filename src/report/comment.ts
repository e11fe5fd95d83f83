import type { Finding } from '../model/finding.ts';
import { code, codeBlock, escapeMarkdown } from './escape.ts';
import { nameSubject } from './words.ts';

/** GitHub takes 65,536 characters; nobody reads more than this. */
const MAX_BODY = 20_000;

/** The words of a comment about findings that stand on the same line. */
export function toCommentBody(findings: readonly Finding[]): string {
  const body = findings.map(describe).join('\n\n');
  return body.length <= MAX_BODY ? body : `${body.slice(0, MAX_BODY)}\n…`;
}

function describe(finding: Finding): string {
  const { effect, subject, message, clusters, detail, remedy, rule } = finding;
  const where = clusters.map(({ name, policy }) => code(policy ? `${name} ${policy}` : name));
  const lines = [
    `**${effect}** ${code(nameSubject(subject))}${where.length > 0 ? ` in ${where.join(', ')}` : ''}: ${escapeMarkdown(message, 2000)}`,
  ];
  if (remedy !== undefined) lines.push(escapeMarkdown(remedy.summary, 1000));
  if (remedy?.caution !== undefined) lines.push(escapeMarkdown(remedy.caution, 1000));
  if (detail !== undefined) {
    lines.push(`<details><summary>Exact text</summary>\n\n${codeBlock(detail)}\n\n</details>`);
  }
  lines.push(`<sub>${code(rule)}</sub>`);
  return lines.join('\n\n');
}
