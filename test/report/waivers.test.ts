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
  const { section, fold } = renderWaivers([waiver], 'pod-security');
  return (section ?? fold)
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

it('folds away those that are not needed, as many as have room', () => {
  const waiver = (subject: string): ReviewedWaiver => ({
    ...{ rule: 'pod-security/*', subject, owner: '@a', reason: 'because', expires: '2026-12-31' },
    ...{ place: { path: 'f', line: 1, endLine: 1 }, state: 'unused', daysLeft: 40, findings: 0 },
  });
  expect(renderWaivers([waiver('Pod/a/b')], 'pod-security')).toEqual({
    section: undefined,
    fold: '<details><summary>1 waiver is not needed here</summary>\n\n- `pod-security/*` for `Pod/a/b`: not needed here, 40 days left (until 2026-12-31). `@a`: because (`f:1`)\n\n</details>',
  });
  const many = Array.from({ length: 200 }, (_, at) => waiver(`Pod/a/${at}`));
  const { fold = '' } = renderWaivers(many, 'pod-security');
  expect(fold.length).toBeLessThan(3200);
  expect(fold).toMatch(
    /^<details><summary>200 waivers are not needed here<\/summary>[^]*\n- and \d+ more: `fluxgate config show` lists them\.\n\n<\/details>$/,
  );
});

it('says nothing where no waiver concerns the area', () => {
  expect(renderWaivers([], 'gitops')).toEqual({ section: undefined, fold: undefined });
  expect(told({ rule: 'gitops/*' })).toBeUndefined();
});
