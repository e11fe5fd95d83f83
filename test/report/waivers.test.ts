import { expect, it } from 'vitest';

import type { ReviewedWaiver } from '../../src/model/waiver.ts';
import { renderWaivers } from '../../src/report/waivers.ts';

function told(made: Partial<ReviewedWaiver>): string | undefined {
  const waiver: ReviewedWaiver = {
    rule: 'pod-security/hostpath-volumes',
    subject: 'DaemonSet/monitoring/node-exporter',
    owner: '@acme/platform',
    reason: 'reads the host',
    expires: '2026-12-31',
    place: { path: '.github/fluxgate.yaml', line: 4, endLine: 4 },
    state: 'used',
    daysLeft: 40,
    findings: 1,
    ...made,
  };
  return renderWaivers([waiver], 'pod-security')
    ?.split('\n')[2]
    ?.replace('- `pod-security/hostpath-volumes` for `DaemonSet/monitoring/node-exporter`', '…')
    .replace('`@acme/platform`: reads the host (`.github/fluxgate.yaml:4`)', '…');
}

it.each<[Partial<ReviewedWaiver>, string]>([
  [{}, '…: covers 1 finding, 40 days left (until 2026-12-31). …'],
  [{ daysLeft: 15 }, '…: covers 1 finding, 15 days left (until 2026-12-31). …'],
  [{ daysLeft: 14 }, '…: covers 1 finding, **14 days left (until 2026-12-31)**. …'],
  [{ daysLeft: 1 }, '…: covers 1 finding, **1 day left (until 2026-12-31)**. …'],
  [{ state: 'unused', findings: 0 }, '…: not needed here, 40 days left (until 2026-12-31). …'],
  [
    { clusters: ['production'] },
    '… in `production`: covers 1 finding, 40 days left (until 2026-12-31). …',
  ],
  [{ state: 'expired' }, '…: **expired** on 2026-12-31, so it counts for nothing. …'],
  [{ state: 'too-long' }, '…: **counts for nothing**: 2026-12-31 is more than 400 days ahead. …'],
  [
    { state: 'after-merge', findings: 2 },
    '…: **counts after merge**: this pull request brings it, for 2 findings here, until 2026-12-31. …',
  ],
])('words a waiver: %j', (made, line) => {
  expect(told(made)).toBe(line);
});

it('says nothing where no waiver concerns the area', () => {
  expect(renderWaivers([], 'gitops')).toBeUndefined();
  expect(told({ rule: 'gitops/*' })).toBeUndefined();
});
