/**
 * Markdown as GitHub shows it, in the part that our own pages and comments are written in. Text
 * of a pull request stands inside, so everything is escaped that is not known to be harmless:
 * no attribute, no address but https, no tag but the few below.
 */

const TAGS = /^<\/?(?:details|summary|sub)>|^<br>/;

export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** Blocks of a text: fences, headings, tables, lists, folds and paragraphs. */
export function renderMarkdown(markdown: string): string {
  const lines = markdown.replace(/<!--[^]*?-->\s*$/, '').split('\n');
  const blocks: string[] = [];
  for (let at = 0; at < lines.length;) {
    const [block, next] = renderBlock(lines, at);
    blocks.push(block);
    at = next;
  }
  return blocks.join('\n');
}

function renderBlock(lines: readonly string[], at: number): [html: string, next: number] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return ['', at + 1];
  const fence = /^(`{3,})([\w-]*)$/.exec(line);
  if (fence) return renderFence(lines, at, fence[1] ?? '', fence[2] ?? '');
  const heading = /^(#{1,6}) (.*)$/.exec(line);
  if (heading) {
    const level = heading[1]?.length ?? 1;
    return [`<h${level}>${renderInline(heading[2] ?? '')}</h${level}>`, at + 1];
  }
  if (/^<\/?(?:details|summary)>/.test(line)) return [renderInline(line), at + 1];
  if (line.startsWith('|') && /^\|[ :|-]+\|$/.test(lines[at + 1] ?? '')) {
    const end = endOf(lines, at, (one) => one.startsWith('|'));
    return [renderTable(lines.slice(at, end)), end];
  }
  if (line.startsWith('- ')) {
    const end = endOf(lines, at, (one) => one.startsWith('- '));
    const items = lines.slice(at, end).map((one) => `<li>${renderInline(one.slice(2))}</li>`);
    return [`<ul>${items.join('')}</ul>`, end];
  }
  const end = Math.max(at + 1, endOf(lines, at, isOfParagraph));
  return [`<p>${lines.slice(at, end).map(renderInline).join('<br>')}</p>`, end];
}

function isOfParagraph(line: string): boolean {
  return line.trim() !== '' && !/^(?:`{3,}|#{1,6} |- |\||<\/?details>)/.test(line);
}

function endOf(lines: readonly string[], at: number, belongs: (line: string) => boolean): number {
  let end = at;
  while (end < lines.length && belongs(lines[end] ?? '')) end += 1;
  return end;
}

function renderFence(
  lines: readonly string[],
  at: number,
  fence: string,
  language: string,
): [html: string, next: number] {
  const end = endOf(lines, at + 1, (line) => line !== fence);
  const content = lines.slice(at + 1, end);
  return [renderCode(content, language), end + 1];
}

/** A block of code as GitHub shows it: differences in colour, suggestions with their title. */
export function renderCode(lines: readonly string[], language: string): string {
  if (language !== 'diff' && language !== 'suggestion') {
    return `<pre><code>${lines.map(escapeHtml).join('\n')}\n</code></pre>`;
  }
  const shown = lines.map((line) =>
    language === 'diff' ? renderLine(line, kindOf(line)) : renderLine(line, 'add'),
  );
  const block = `<div class="diff"><pre>${shown.join('')}</pre></div>`;
  return language === 'diff'
    ? block
    : `<div class="suggestion"><div class="box-header">Suggested change</div>${block}</div>`;
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

function renderTable(rows: readonly string[]): string {
  const [head = '', , ...body] = rows;
  const cells = (row: string, tag: string) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => `<${tag}>${renderInline(cell.trim().replace(/\\\|/g, '|'))}</${tag}>`)
      .join('');
  const lines = body.map((row) => `<tr>${cells(row, 'td')}</tr>`);
  return `<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${lines.join('')}</tbody></table>`;
}

/** Code, escapes, bold, links and the few tags; everything else is text. Linear but for fences. */
function renderInline(text: string): string {
  let html = '';
  let isBold = false;
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at, at + 4000);
    const fence = /^`+/.exec(rest)?.[0];
    const close = fence === undefined ? -1 : closeOf(text, at + fence.length, fence);
    if (fence !== undefined) {
      const inner = close === -1 ? '' : text.slice(at + fence.length, close);
      html += close === -1 ? fence : `<code>${escapeHtml(inner.replace(/^ (.*) $/, '$1'))}</code>`;
      at = close === -1 ? at + fence.length : close + fence.length;
      continue;
    }
    const tag = TAGS.exec(rest)?.[0];
    const link = /^\[([^\]]*)\]\((https:\/\/[^\s()<>"]*)\)/.exec(rest);
    const escaped = /^\\([!-/:-@[-`{-~])/.exec(rest)?.[1];
    if (tag !== undefined) {
      html += tag;
      at += tag.length;
    } else if (link) {
      const [whole, label = '', href = ''] = link;
      html += `<a href="${escapeHtml(href)}" rel="noreferrer">${renderInline(label)}</a>`;
      at += whole.length;
    } else if (escaped !== undefined) {
      html += escapeHtml(escaped);
      at += 2;
    } else if (rest.startsWith('**')) {
      html += isBold ? '</strong>' : '<strong>';
      isBold = !isBold;
      at += 2;
    } else {
      html += escapeHtml(text.charAt(at));
      at += 1;
    }
  }
  return isBold ? `${html}</strong>` : html;
}

/** Where a code span ends: at the next run of backticks of the same length; -1 for none. */
function closeOf(text: string, from: number, fence: string): number {
  for (const { index, 0: run } of text.slice(from).matchAll(/`+/g)) {
    if (run.length === fence.length) return from + index;
  }
  return -1;
}
