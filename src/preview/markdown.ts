import { Marked, type Tokens } from 'marked';

/**
 * Markdown in GitHub's flavour. Text of a pull request stands inside, so that everything becomes
 * text that is not known to be harmless: no tag but the few below, none with an attribute, no
 * image, no address but of the web.
 */

/** Tags that pages and comments are written with, as they must stand: without any attribute. */
const TAG = /<\/?(?:details|summary|sub|sup)>|<br ?\/?>/g;
const COMMENT = /<!--[^]*?-->/g;

export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

function createReader(commented: readonly string[]): Marked {
  return new Marked({
    gfm: true,
    breaks: true,
    renderer: {
      html: ({ text }) => keepTags(text),
      code: ({ text, lang }) =>
        renderCode(text === '' ? [] : text.split('\n'), lang ?? '', commented),
      link({ href, tokens }) {
        const label = this.parser.parseInline(tokens);
        return isOfTheWeb(href)
          ? `<a href="${escapeHtml(href)}" rel="noreferrer">${label}</a>`
          : label;
      },
      // Nothing is loaded from anywhere.
      image: ({ text }: Tokens.Image) => escapeHtml(text),
    },
  });
}

/**
 * What would keep a reader waiting is shown as it is written.
 *
 * @param commented the lines that the text is a comment on, which its suggestions replace
 */
export function renderMarkdown(markdown: string, commented: readonly string[] = []): string {
  if (isTooDeep(markdown) || isTooBusy(markdown)) return `<pre>${escapeHtml(markdown)}</pre>`;
  return createReader(commented).parse(markdown, { async: false });
}

function keepTags(html: string): string {
  const text = html.replace(COMMENT, '');
  let kept = '';
  let at = 0;
  for (const { index, 0: tag } of text.matchAll(TAG)) {
    kept += escapeHtml(text.slice(at, index)) + tag;
    at = index + tag.length;
  }
  return kept + escapeHtml(text.slice(at));
}

function isOfTheWeb(href: string): boolean {
  return /^https?:\/\//i.test(href);
}

/** Quotes and lists in one another, deeper than people write and a parser likes. */
const MAX_DEPTH = 50;

function isTooDeep(markdown: string): boolean {
  return markdown
    .split('\n')
    .some(
      (line) =>
        (/^(?:[ \t]*(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s)))+/.exec(line)?.[0].length ?? 0) >
        MAX_DEPTH * 2,
    );
}

/** Marks of emphasis cost the square of their number. */
const MAX_MARKS = 4000;

function isTooBusy(markdown: string): boolean {
  return (markdown.match(/(?<!\\)[*_]/g)?.length ?? 0) > MAX_MARKS;
}

/** A block of code as GitHub shows it: differences in colour, suggestions with what they replace. */
export function renderCode(
  lines: readonly string[],
  language: string,
  commented: readonly string[] = [],
): string {
  if (language !== 'diff' && language !== 'suggestion') {
    return `<pre><code>${lines.map(escapeHtml).join('\n')}\n</code></pre>\n`;
  }
  const shown =
    language === 'diff'
      ? lines.map((line) => renderLine(line, kindOf(line)))
      : [
          ...commented.map((line) => renderLine(`- ${line}`, 'remove')),
          ...lines.map((line) => renderLine(`+ ${line}`, 'add')),
        ];
  const block = `<div class="diff"><pre>${shown.join('')}</pre></div>\n`;
  return language === 'diff'
    ? block
    : `<div class="suggestion"><div class="box-header">Suggested change</div>${block}</div>\n`;
}

/** A line of a difference. */
export function renderLine(line: string, kind: string): string {
  return `<span class="line${kind === '' ? '' : ` ${kind}`}">${escapeHtml(line)}</span>`;
}

/** The look of a line of a diff. */
export function kindOf(line: string): 'add' | 'remove' | 'hunk' | '' {
  if (line.startsWith('@@')) return 'hunk';
  return line.startsWith('+') ? 'add' : line.startsWith('-') ? 'remove' : '';
}
