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
  readonly report: Pick<Report, 'checks' | 'comments'>;
}

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
  comments: readonly InlineComment[],
  checks: readonly CheckReport[],
): string {
  const own = comments.filter((comment) => comment.path === path);
  const annotations = checks.flatMap((check) =>
    check.annotations.filter((annotation) => annotation.path === path),
  );
  const body =
    patch === undefined
      ? '<p class="body muted">No difference to show.</p>'
      : renderPatch(patch, own, annotations);
  return `<section class="box"><header class="box-header">${show(path)}</header>${body}</section>`;
}

/** The diff, with what is said of a line right below it. */
function renderPatch(
  patch: string,
  comments: readonly InlineComment[],
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
    const start = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text)?.[1];
    if (start !== undefined) line = Number(start) - 1;
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
  return `<section class="box"><header class="box-header">${show(author)}</header>${renderBody(body)}</section>`;
}

function renderComment(
  { body, line, startLine = line }: InlineComment,
  texts: ReadonlyMap<number, string>,
): string {
  const commented: string[] = [];
  for (let at = startLine; at <= line; at += 1) {
    const text = texts.get(at);
    if (text !== undefined) commented.push(text);
  }
  return `<article class="box comment"><header class="box-header">fluxgate <span class="muted">bot</span></header>${renderBody(body, commented)}</article>`;
}

function renderAnnotation({ title, message, level }: Annotation): string {
  const look = level === 'failure' ? 'failure' : 'neutral';
  return `<article class="box comment"><header class="box-header ${look}">${escapeHtml(title)}</header><div class="body"><p>${escapeHtml(message).replace(/\n/g, '<br>')}</p></div></article>`;
}
