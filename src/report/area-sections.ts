import type { Area } from '../model/finding.ts';
import type { Section, SectionBlock, SectionCell } from '../model/section.ts';
import { codeCell, escapeMarkdown } from './escape.ts';

/** More rows than a summary has room for. */
const MOST_ROWS = 100;

/** The sections of an area as Markdown, one for each. */
export function renderAreaSections(sections: readonly Section[], area: Area): string[] {
  return sections
    .filter((section) => section.area === area)
    .map(({ title, blocks }) =>
      [`### ${escapeMarkdown(title)}`, ...blocks.map(renderBlock)].join('\n\n'),
    );
}

function renderBlock(block: SectionBlock): string {
  switch (block.kind) {
    case 'text':
      return escapeMarkdown(block.text, 2000);
    case 'steps':
      return block.items.map((item, at) => `${at + 1}. ${escapeMarkdown(item, 1000)}`).join('\n');
    case 'table': {
      const { head, rows } = block;
      const lines = rows.slice(0, MOST_ROWS).map((row) => `| ${row.map(renderCell).join(' | ')} |`);
      const rest = rows.length - lines.length;
      return [
        `| ${head.map((name) => escapeMarkdown(name)).join(' | ')} |`,
        `|${head.map(() => ' --- |').join('')}`,
        ...lines,
        ...(rest > 0 ? ['', `… and ${rest} more.`] : []),
      ].join('\n');
    }
  }
}

function renderCell({ text, isCode, links = [] }: SectionCell): string {
  const shown = isCode ? codeCell(text) : escapeMarkdown(text, 500);
  const safe = links.filter(({ url }) => SAFE_LINK.test(url));
  return [shown, ...safe.map((link) => `[${escapeMarkdown(link.text)}](${link.url})`)].join(' ');
}

/** Nothing in it can end the link, or lead elsewhere. */
const SAFE_LINK = /^https:\/\/github\.com\/[\w./-]{1,200}$/;
