import { expect, it } from 'vitest';

import { toCommentBody } from '../../src/report/comment.ts';
import { finding, type Made } from './make.ts';

const LEVEL = 'restricted:v1.35';
const first = (...made: readonly [Made, ...Made[]]) => {
  const [one, ...others] = made;
  return toCommentBody([finding(one), ...others.map((more) => finding(more))], undefined).split(
    '\n',
  )[0];
};

it.each<[string, [Made, ...Made[]], string]>([
  [
    'one level in two clusters, one of which only warns',
    [{ policy: LEVEL, clusters: ['production', 'staging warned'] }],
    '**Production will refuse the pods of `payments/api`.** The level is `restricted:v1.35` in `production`, `staging` (warning).',
  ],
  [
    'a refusal by one level and a warning by another',
    [
      { policy: 'baseline:v1.35', clusters: ['production'] },
      { policy: LEVEL, effect: 'warned', clusters: ['production'] },
    ],
    '**Production will refuse the pods of `payments/api`.** The level is `baseline:v1.35` in `production`; `restricted:v1.35` in `production` (warning).',
  ],
  [
    'manifests that no cluster is known to apply',
    [{ policy: LEVEL, clusters: ['manifests'] }],
    '**The cluster will refuse the pods of `payments/api`.** The level is `restricted:v1.35`.',
  ],
  [
    'another policy than a level',
    [{ rule: 'image-policy/unsigned-image', policy: 'ClusterPolicy "signed"' }],
    '**Production will refuse `Deployment payments/api`.** The policy is `ClusterPolicy "signed"` in `production`.',
  ],
])('names the policy: %s', (_label, made, expected) => {
  expect(first(...made)).toBe(expected);
});
