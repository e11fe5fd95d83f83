/**
 * Text of a repository is attacker-controlled: names, paths, messages and values pass one of these
 * before they enter a page, a comment or a terminal.
 */

/** Controls, bidirectional and other invisible marks, and lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** The text on one line, with everything that cannot be seen written out, cut when it is long. */
export function toVisible(text: string, maximum = 300): string {
  const visible = text.replace(INVISIBLE, writeOut);
  return visible.length <= maximum ? visible : `${cut(visible, maximum - 1)}…`;
}

function writeOut(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

/** Never cuts a surrogate pair in two. */
function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** Keeps line breaks; for text that stands in a code block or on a terminal. */
export function toVisibleLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(INVISIBLE, (character) =>
      /[\n\t]/.test(character) ? character : writeOut(character),
    );
}

const MARKDOWN = /[\\`*_{}[\]()<>#+\-.!|~&$=]/g;

/** Breaks what GitHub would link or notify in plain text, without changing what is read. */
const ZERO_WIDTH_JOINER = '\u2060';

/** The text as prose in Markdown: it is shown as it is, links to nothing and mentions nobody. */
export function escapeMarkdown(text: string, maximum = 300): string {
  return toVisible(text, maximum)
    .replace(MARKDOWN, (character) => `\\${character}`)
    .replace(/@/g, `@${ZERO_WIDTH_JOINER}`)
    .replace(/\\#/g, `\\#${ZERO_WIDTH_JOINER}`)
    .replace(/:(?=[\w+\-\\]+:)/g, `:${ZERO_WIDTH_JOINER}`)
    .replace(/\b(https?|ftp|mailto|www|GH)(?=:|\\[.-])/gi, `$1${ZERO_WIDTH_JOINER}`);
}

/** The text as a code span: literal, and GitHub links nothing inside. Not for table cells. */
export function code(text: string, maximum = 200): string {
  const visible = toVisible(text, maximum);
  if (visible === '') return '` `';
  const longest = Math.max(0, ...(visible.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = visible.startsWith('`') || visible.endsWith('`') || longest > 0 ? ' ' : '';
  return `${fence}${pad}${visible}${pad}${fence}`;
}

/** The text as a code span in a table cell, where only a backslash keeps a pipe from ending it. */
export function codeCell(text: string, maximum = 200): string {
  return code(text, maximum).replace(/\|/g, '\\|');
}

/** The text as a fenced code block. */
export function codeBlock(text: string, language = ''): string {
  const visible = toVisibleLines(text);
  const longest = Math.max(2, ...(visible.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${visible}\n${fence}`;
}
