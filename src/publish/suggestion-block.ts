/** The beginning of a block that GitHub commits at one click. */
const OPENING = /^(`{3,})suggestion[ \t]*$/gm;
const BLOCK = /^(`{3,})suggestion$[^]*?^\1$/m;

/** What one click on a comment commits, as it is written; undefined where it offers nothing. */
export function suggestionOf(body: string): string | undefined {
  return BLOCK.exec(body.replace(/[ \t\r]+$/gm, ''))?.[0];
}

/**
 * A comment without what one click would commit.
 *
 * @param place that its suggestion is meant for, as it is to be named; empty where it need not be
 */
export function withoutSuggestion(body: string, place = ''): string {
  return reopened(body, place === '' ? '' : `${place}, mended:\n\n`);
}

const RETIRED = '*No longer suggested here. The check run says what holds now.*';

/** A comment that still says all it said, and offers nothing of it at a click. */
export function withRetiredSuggestion(body: string): string {
  return reopened(body, `${RETIRED}\n\n`);
}

function reopened(body: string, before: string): string {
  return body.replace(OPENING, (_opening, fence: string) => `${before}${fence}`);
}
