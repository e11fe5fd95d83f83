import { expect, it } from 'vitest';

import { renderReach } from '../../src/report/reach.ts';
import { reachOf } from '../../src/review/reach.ts';
import { configMap, kustomization, resolved } from '../flux/clusters.ts';

const FILES = {
  'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
  'clusters/a/apps.yaml': kustomization('apps', './apps'),
  'clusters/b/sync.yaml': kustomization('flux-system', './clusters/b'),
  'clusters/b/apps.yaml': kustomization('apps', './apps'),
  'clusters/b/more.yaml': kustomization('more', './more'),
  'apps/settings.yaml': configMap('settings'),
  'more/settings.yaml': configMap('more', 'a: b, c: d'),
};

it.each<[string, Record<string, string>, string]>([
  ['nothing', {}, ''],
  ['a comment', { 'apps/settings.yaml': `# said\n${configMap('settings')}` }, ''],
  ['another order', { 'more/settings.yaml': configMap('more', 'c: d, a: b') }, ''],
  [
    'a shared base',
    { 'apps/settings.yaml': configMap('settings', 'a: c') },
    'Reaches `a` (`Kustomization flux-system/apps`), `b` (`Kustomization flux-system/apps`).',
  ],
  [
    'one cluster',
    { 'more/settings.yaml': configMap('more', 'a: c') },
    'Reaches `b` (`Kustomization flux-system/more`).',
  ],
  [
    'a build that fails',
    { 'more/kustomization.yaml': 'resources: [gone.yaml]\n' },
    'Reaches `b` (`Kustomization flux-system/more`).',
  ],
])('a change of %s is told with what it reaches', (_, changed, line) => {
  const [before, after] = [resolved(FILES), resolved({ ...FILES, ...changed })];
  expect(renderReach({ reach: reachOf(before.clusters, after.clusters) })).toBe(line);
});
