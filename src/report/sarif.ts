import type { Log, ReportingDescriptor, Result } from 'sarif';

import { type Effect, type Finding, isGone } from '../model/finding.ts';
import type { Review } from '../model/review.ts';
import { toVisible } from './escape.ts';
import { nameSubject } from './words.ts';

/** What SARIF says of a rule; the caller knows the rules. */
export interface SarifRule {
  readonly id: string;
  readonly title: string;
}

const LEVELS: Record<Effect, 'error' | 'warning' | 'note'> = {
  denied: 'error',
  risk: 'error',
  warned: 'warning',
  audited: 'note',
  advice: 'note',
};

/** The review as SARIF 2.1.0: introduced and existing findings, with what changed as baseline. */
export function toSarif(review: Review, rules: readonly SarifRule[], version: string): Log {
  const present = review.findings.filter(({ change }) => !isGone(change));
  const used = new Set(present.map(({ rule }) => rule));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Fluxgate',
            version,
            rules: rules
              .filter(({ id }) => used.has(id))
              .map(({ id, title }): ReportingDescriptor => ({
                id,
                shortDescription: { text: title },
              })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: present.map(toResult),
      },
    ],
  };
}

function toResult(finding: Finding): Result {
  const { rule, effect, change, subject, message, primary, fingerprint, clusters } = finding;
  const where = clusters.length > 0 ? ` (${clusters.map(({ name }) => name).join(', ')})` : '';
  return {
    ruleId: rule,
    level: LEVELS[effect],
    baselineState: change === 'introduced' ? 'new' : 'unchanged',
    message: { text: toVisible(`${nameSubject(subject)}: ${message}${where}`, 4000) },
    partialFingerprints: { 'fluxgate/v1': fingerprint },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(primary.path) },
          region: { startLine: primary.line, endLine: primary.endLine },
        },
      },
    ],
  };
}
