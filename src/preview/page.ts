import type {
  Annotation,
  ChangedFile,
  CheckReport,
  InlineComment,
  Report,
} from '../model/report.ts';
import { toVisible } from '../report/escape.ts';
import { escapeHtml, kindOf, renderLine, renderMarkdown } from './markdown.ts';
import { STYLE } from './style.ts';

/** A pull request as the page shows it. */
export interface Preview {
  readonly title: string;
  /** Markdown of its author. */
  readonly description?: string;
  readonly files: readonly ChangedFile[];
  /** What people and the App say below the description, the oldest first. */
  readonly conversation?: readonly { readonly author: string; readonly body: string }[];
  readonly report: Pick<Report, 'checks'> & { readonly comments: readonly SaidOnLine[] };
}

/** A comment on a line, as it stands on the pull request; one of the App where nobody is named. */
export interface SaidOnLine extends InlineComment {
  /** Login; an App's ends in `[bot]`. */
  readonly author?: string;
}

/** How the App is called where a review is shown that nobody has published. */
const APP = 'fluxgate[bot]';

/** Without a script, and nothing is loaded from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A review as GitHub would show it, as one page that needs nothing else. */
export function renderPreview({
  title,
  description,
  files,
  report,
  conversation = [],
}: Preview): string {
  const { checks, comments } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${show(title)}</title><style>${STYLE}</style></head><body>
<h1 class="title">${show(title)}</h1>
${description === undefined ? '' : `<section class="box">${renderBody(description)}</section>`}
${conversation.map(renderWords).join('\n')}
<h2 class="part">Checks</h2>
${checks.map(renderCheck).join('\n')}
<h2 class="part">Files</h2>
${files.map((file) => renderFile(file, comments, checks)).join('\n')}
${renderGone(comments.filter(({ path }) => !files.some((file) => file.path === path)))}
</body></html>
`;
}

const MARKS = { success: '✓', failure: '✗', neutral: '■' };

/** What needs no reading is folded. */
function renderCheck({ name, conclusion, title, summary }: CheckReport): string {
  const open = conclusion === 'success' ? '' : ' open';
  return `<section class="box"><details${open}><summary><b class="${conclusion}">${MARKS[conclusion]}</b> <b>${escapeHtml(name)}</b> <span class="muted">${escapeHtml(title)}</span></summary>
${renderBody(summary)}</details></section>`;
}

/** With marks that turn letters around written out. */
function show(text: string): string {
  return escapeHtml(toVisible(text, 1000));
}

function renderBody(markdown: string, commented?: readonly string[]): string {
  return `<div class="body markdown-body">${renderMarkdown(markdown, commented)}</div>`;
}

function renderFile(
  { path, patch }: ChangedFile,
  comments: readonly SaidOnLine[],
  checks: readonly CheckReport[],
): string {
  const lines = linesOf(patch);
  const own = comments.filter((comment) => comment.path === path);
  const gone = own.filter(({ line }) => !lines.has(line));
  const annotations = checks.flatMap((check) =>
    check.annotations.filter((annotation) => annotation.path === path),
  );
  const body =
    patch === undefined
      ? '<p class="body muted">No difference to show.</p>'
      : renderPatch(patch, own, annotations);
  return `<section class="box"><header class="box-header">${show(path)}</header>${body}${gone.map(renderOutdated).join('')}</section>`;
}

/** Lines of the right side that a patch shows. */
function linesOf(patch = ''): ReadonlySet<number> {
  const lines = new Set<number>();
  let line = 0;
  for (const text of patch.split('\n')) {
    const start = startOf(text);
    if (start !== undefined) line = start - 1;
    else if (!/^[-\\]/.test(text)) lines.add((line += 1));
  }
  return lines;
}

/** The first line of the right side that a hunk shows; undefined for a line that begins none. */
function startOf(text: string): number | undefined {
  const start = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text)?.[1];
  return start === undefined ? undefined : Number(start);
}

/** What was said of files that the pull request does not change any more. */
function renderGone(comments: readonly SaidOnLine[]): string {
  return [...new Set(comments.map(({ path }) => path))]
    .map((path) => {
      const own = comments.filter((comment) => comment.path === path);
      return `<section class="box"><header class="box-header">${show(path)}</header>${own.map(renderOutdated).join('')}</section>`;
    })
    .join('\n');
}

function renderOutdated(comment: SaidOnLine): string {
  return renderComment(comment, new Map(), ' · outdated');
}

/** The diff, with what is said of a line right below it. */
function renderPatch(
  patch: string,
  comments: readonly SaidOnLine[],
  annotations: readonly Annotation[],
): string {
  let html = '';
  let run = '';
  let line = 0;
  const texts = new Map<number, string>();
  const flush = () => {
    if (run !== '') html += `<div class="diff"><pre>${run}</pre></div>`;
    run = '';
  };
  for (const text of patch.split('\n')) {
    const start = startOf(text);
    if (start !== undefined) line = start - 1;
    else if (!text.startsWith('-') && !text.startsWith('\\')) line += 1;
    run += renderLine(text, kindOf(text));
    if (start !== undefined || text.startsWith('-')) continue;
    if (!text.startsWith('\\')) texts.set(line, text.slice(1));
    const said = [
      ...comments
        .filter((comment) => comment.line === line)
        .map((comment) => renderComment(comment, texts)),
      ...annotations.filter(({ endLine }) => endLine === line).map(renderAnnotation),
    ];
    if (said.length === 0) continue;
    flush();
    html += said.join('');
  }
  flush();
  return html;
}

function renderWords({ author, body }: { author: string; body: string }): string {
  return `<section class="box">${renderAuthor(author)}${renderBody(body)}</section>`;
}

/** Apps are shown as GitHub shows them. */
function renderAuthor(login: string, note = ''): string {
  const name = login.replace(/\[bot\]$/, '');
  const badge = `${name === login ? '' : 'bot'}${note}`;
  return `<header class="box-header">${show(name)}${badge === '' ? '' : ` <span class="muted">${badge}</span>`}</header>`;
}

function renderComment(
  { body, line, startLine = line, author = APP }: SaidOnLine,
  texts: ReadonlyMap<number, string>,
  note?: string,
): string {
  const commented: string[] = [];
  for (let at = startLine; at <= line; at += 1) {
    const text = texts.get(at);
    if (text !== undefined) commented.push(text);
  }
  return `<article class="box comment">${renderAuthor(author, note)}${renderBody(body, commented)}</article>`;
}

function renderAnnotation({ title, message, level }: Annotation): string {
  const look = level === 'failure' ? 'failure' : 'neutral';
  return `<article class="box comment"><header class="box-header ${look}">${escapeHtml(title)}</header><div class="body"><p>${escapeHtml(message).replace(/\n/g, '<br>')}</p></div></article>`;
}
