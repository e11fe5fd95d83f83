import { describe, expect, it } from 'vitest';

import { resolveConfig } from '../../src/config/effective.ts';
import { CONFIG_PATH } from '../../src/config/load.ts';
import { type Facts, keyOfRequest, NO_FACTS } from '../../src/model/evidence.ts';
import { review } from '../../src/review/review.ts';
import { rules } from '../../src/rules/index.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

/** When examples are reviewed; no example may depend on it. */
const NOW = Date.UTC(2026, 0, 15);

/** Rules that find no fault with anything: they tell what is not known. */
const TELLS_UNKNOWNS = new Set(['image-policy/unjudged-source']);

/** Rules that find fault with a small repository. */
function foundIn(
  files: Readonly<Record<string, string>>,
  { id, on, docs }: Rule,
  facts: Facts = docs.given?.facts ?? NO_FACTS,
): string[] {
  const { before = {} } = docs.given ?? {};
  const tree = memoryTree({ ...before, ...files });
  const isChange = on === 'cluster-change' || on === 'repository-change';
  const trees = { ...(isChange && { before: memoryTree(before) }), after: tree, head: tree };
  const text = before[CONFIG_PATH];
  const given = text === undefined ? {} : { repository: { path: CONFIG_PATH, text } };
  const { config } = resolveConfig(
    given,
    rules.map((each) => each.id),
  );
  const options = { config, rules, now: NOW, facts };
  let answer = review(trees, options);
  if ('wanted' in answer) {
    const asked = new Set(answer.wanted.evidence.map(keyOfRequest));
    answer = review(trees, { ...options, asked });
  }
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  if (TELLS_UNKNOWNS.has(id)) return answer.unknowns.map(({ rule }) => rule);
  return answer.findings
    .filter(({ change }) => change === (isChange ? 'introduced' : 'existing'))
    .map(({ rule }) => rule);
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const { docs, title, area } = rule;
  it('finds fault with its bad example and not with its good one', () => {
    expect(foundIn(docs.bad, rule)).toContain(id);
    expect(foundIn(docs.good, rule, docs.given?.goodFacts)).not.toContain(id);
  });

  it('is named and documented as the others are', () => {
    expect(id).toMatch(new RegExp(`^${area}/[a-z]+(?:-[a-z]+)*$`));
    expect(title).toMatch(/^[A-Z/].*[^.]$/);
    for (const text of [docs.protects, docs.fix, docs.exception]) expect(text).toMatch(/\.$/);
    expect(docs.allows.length).toBeGreaterThan(0);
    expect(docs.links.length).toBeGreaterThan(0);
  });
});
