import { renderRule, renderRulePage } from '../report/explain.ts';
import { rules } from '../rules/index.ts';
import { coloursOf, type Output, UsageError } from './output.ts';

export const EXPLAIN_FORMATS = ['pretty', 'json', 'markdown'] as const;

/** `fluxgate explain [RULE]`: what a rule means and how to fix it, or all rules. @returns 0 */
export function explainCommand(
  rule: string | undefined,
  { format }: { readonly format: (typeof EXPLAIN_FORMATS)[number] },
  output: Output,
): number {
  if (rule === undefined) {
    output.write(
      format === 'json'
        ? JSON.stringify(
            rules.map(({ id, area, title, since }) => ({ id, area, title, since })),
            null,
            2,
          )
        : listRules(),
    );
    return 0;
  }
  const found = rules.find(({ id }) => id === rule);
  if (found === undefined) {
    throw new UsageError(`There is no rule ${JSON.stringify(rule)}. ${suggest(rule)}`);
  }
  const { id, area, title, since, fails, docs } = found;
  if (format === 'json') {
    output.write(
      JSON.stringify({ id, area, title, since, fails: fails ?? false, ...docs }, null, 2),
    );
  } else if (format === 'markdown') output.write(renderRulePage(found));
  else output.write(renderRule(found, coloursOf(output)));
  return 0;
}

function listRules(): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules.map(({ id, title }) => `${id.padEnd(width)}  ${title}`).join('\n');
}

/** Rules whose name shares a word, else where all are listed. */
function suggest(asked: string): string {
  const words = asked
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 3);
  const near = rules.filter(({ id }) => words.some((word) => id.includes(word))).slice(0, 5);
  return near.length > 0
    ? `Did you mean ${near.map(({ id }) => id).join(', ')}?`
    : 'fluxgate explain lists them all.';
}
