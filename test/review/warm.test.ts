import { expect, it } from 'vitest';

import { resolveConfig } from '../../src/config/effective.ts';
import { FluxCache } from '../../src/flux/cache.ts';
import { resolveRepository } from '../../src/flux/repository.ts';
import { keyOfRequest } from '../../src/model/evidence.ts';
import type { FileTree } from '../../src/model/file-tree.ts';
import { review } from '../../src/review/review.ts';
import { rules } from '../../src/rules/index.ts';
import type { ObjectRule } from '../../src/rules/rule.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { makeEstate } from '../bench/estate.ts';

const FILES = makeEstate(20);
const PATCH = 'apps/app-1/production/patch.yaml';
const PRIVILEGED = `${FILES[PATCH] ?? ''}        securityContext: {privileged: true}\n`;

function reviewed(before: FileTree, after: FileTree, cache: FluxCache): string[] {
  const ids = rules.map(({ id }) => id);
  const { config } = resolveConfig({}, ids);
  const asked = new Set<string>();
  for (;;) {
    const trees = { before, after, head: after };
    const answer = review(trees, { config, rules, cache, asked, now: 0 });
    if (!('wanted' in answer)) {
      return answer.findings
        .filter(({ effect }) => effect === 'denied')
        .map(({ rule, change, primary }) => `${change} ${rule} ${primary.path}:${primary.line}`);
    }
    for (const request of answer.wanted.evidence) asked.add(keyOfRequest(request));
  }
}

it('says the same with what an earlier review kept', () => {
  const cache = new FluxCache();
  const before = memoryTree(FILES);
  const sameAgain = () => reviewed(before, memoryTree({ ...FILES, [PATCH]: PRIVILEGED }), cache);
  const found = [
    `introduced pod-security/privilege-escalation ${PATCH}:12`,
    `introduced pod-security/privileged-containers ${PATCH}:12`,
  ];
  const first = sameAgain();
  expect(first.filter((line) => line.includes('privileged-containers'))).toEqual(found.slice(1));
  expect(sameAgain()).toEqual(first);
  expect(reviewed(before, memoryTree(FILES), cache)).toEqual([]);
  expect(reviewed(memoryTree({ ...FILES, [PATCH]: PRIVILEGED }), memoryTree(FILES), cache)).toEqual(
    first.map((line) => line.replace('introduced', 'fixed')),
  );
});

it('sees a change of the namespace that no other file shows', () => {
  const cache = new FluxCache();
  const before = memoryTree(FILES);
  const bare = (FILES['apps/app-1/base/deployment.yaml'] ?? '').replace('drop: [ALL]', 'drop: []');
  const files = { ...FILES, 'apps/app-1/base/deployment.yaml': bare };
  expect(reviewed(before, memoryTree(files), cache)).toEqual([
    'introduced pod-security/capabilities apps/app-1/base/deployment.yaml:28',
  ]);
  const path = 'clusters/production/namespaces.yaml';
  const lowered = (FILES[path] ?? '').replaceAll('enforce: restricted', 'enforce: baseline');
  expect(reviewed(memoryTree(files), memoryTree({ ...files, [path]: lowered }), cache)).toEqual([]);
});

it('asks rules of objects again only of what changed', () => {
  const asked: string[] = [];
  const counting: ObjectRule = {
    ...(rules.find(({ id }) => id === 'pod-security/privileged-containers') as ObjectRule),
    evaluate: ({ resource: { kind, name } }, cluster) => {
      asked.push(`${cluster.name} ${kind} ${name}`);
      return { faults: [], unknowns: [] };
    },
  };
  const { config } = resolveConfig({}, [counting.id]);
  const cache = new FluxCache();
  const before = memoryTree(FILES);
  const next = (after: FileTree) => {
    asked.length = 0;
    review({ before, after, head: after }, { config, rules: [counting], cache, now: 0 });
    return asked;
  };
  expect(next(memoryTree(FILES)).length).toBeGreaterThan(20);
  expect(next(memoryTree({ ...FILES, [PATCH]: PRIVILEGED }))).toEqual([
    'production Deployment app-1',
    'production Service app-1',
    'production ServiceAccount app-1',
    'production ConfigMap app-1',
  ]);
  expect(next(memoryTree({ ...FILES, [PATCH]: PRIVILEGED }))).toEqual([]);
  const path = 'clusters/production/namespaces.yaml';
  const lowered = (FILES[path] ?? '').replace('enforce: restricted', 'enforce: baseline');
  const again = next(memoryTree({ ...FILES, [path]: lowered }));
  expect(again.length).toBeGreaterThan(20);
  expect(again.every((line) => line.startsWith('production '))).toBe(true);
});

it('keeps a cluster that a change does not reach as the very value it was', () => {
  const cache = new FluxCache();
  const before = resolveRepository(memoryTree(FILES), { cache });
  const after = resolveRepository(memoryTree({ ...FILES, [PATCH]: PRIVILEGED }), { cache });
  const same = before.clusters.filter((cluster, at) => cluster === after.clusters[at]);
  expect(same.map(({ name }) => name)).toEqual(['development', 'staging']);
  const [production] = after.clusters.filter(({ name }) => name === 'production');
  const kept = before.clusters.flatMap(({ units }) => units);
  expect(
    production?.units.filter((unit) => !kept.includes(unit)).map(({ title }) => title),
  ).toEqual(['Kustomization flux-system/app-1']);
});
