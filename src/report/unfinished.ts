import { AREAS } from '../model/finding.ts';
import type { CheckReport } from '../model/report.ts';
import { escapeMarkdown } from './escape.ts';
import { checkName } from './words.ts';

/**
 * The four check runs of a review that its own content kept from finishing: that is a verdict,
 * which fails nothing where the repository asks for advice only.
 */
export function toLimitChecks(
  reason: string,
  mode: 'enforce' | 'advisory' = 'enforce',
): CheckReport[] {
  const advice =
    'Make the change smaller, or take the content that is out of the ordinary out of it. Nothing of it was judged.';
  const isAdvisory = mode === 'advisory';
  return toChecks(
    isAdvisory ? 'neutral' : 'failure',
    'This change is more than a review may take',
    [
      escapeMarkdown(reason, 1000),
      advice,
      ...(isAdvisory ? ['Advisory mode: this does not fail the check.'] : []),
    ],
  );
}

/**
 * The four check runs of a review that we could not do. Never the author's fault, so never red.
 *
 * @param reference what the operator finds in the log
 */
export function toErrorChecks(reason: string, reference: string): CheckReport[] {
  return toChecks('neutral', 'Fluxgate could not finish this review', [
    escapeMarkdown(reason, 1000),
    `This is not a fault of the change. Re-run the check to try again; if it stays like this, tell whoever runs Fluxgate the reference \`${reference}\`.`,
  ]);
}

/** The check runs of a review that nobody waits for any more. */
export function toSupersededChecks(): CheckReport[] {
  return toChecks('neutral', 'Not reviewed to its end', [
    'The pull request was closed or has a newer commit, which has a review of its own.',
  ]);
}

function toChecks(
  conclusion: CheckReport['conclusion'],
  title: string,
  paragraphs: readonly string[],
): CheckReport[] {
  return AREAS.map((area) => ({
    area,
    name: checkName(area),
    conclusion,
    title,
    summary: paragraphs.join('\n\n'),
    isExplainable: false,
    annotations: [],
  }));
}
