import type { Review } from '../model/review.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { toJson } from '../report/json.ts';
import { renderPretty } from '../report/pretty.ts';
import { toSarif } from '../report/sarif.ts';
import { rules } from '../rules/index.ts';
import { coloursOf, type Output } from './output.ts';
import { VERSION } from './version.ts';

export const FORMATS = ['pretty', 'json', 'markdown', 'sarif'] as const;
export type Format = (typeof FORMATS)[number];

/** Prints a review in the format that was asked for. */
export function printReview(review: Review, format: Format, all: boolean, output: Output): void {
  switch (format) {
    case 'pretty':
      output.write(renderPretty(review, { colours: coloursOf(output), all, rules }));
      break;
    case 'json':
      output.write(JSON.stringify(toJson(review, rules), null, 2));
      break;
    case 'markdown':
      output.write(renderMarkdown(review, rules));
      break;
    case 'sarif':
      output.write(JSON.stringify(toSarif(review, rules, VERSION), null, 2));
      break;
  }
}
