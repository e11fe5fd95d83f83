import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../src/config/schema.ts';
import { review } from '../../src/review/review.ts';
import { rules } from '../../src/rules/index.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

/** Rules that find fault with a small repository. */
function foundIn(files: Readonly<Record<string, string>>): string[] {
  const tree = memoryTree(files);
  const answer = review({ after: tree, head: tree }, { config: DEFAULT_CONFIG, rules });
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  return answer.findings.map(({ rule }) => rule);
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, { docs, title, area }) => {
  it('finds fault with its bad example and not with its good one', () => {
    expect(foundIn(docs.bad)).toContain(id);
    expect(foundIn(docs.good)).not.toContain(id);
  });

  it('is named and documented as the others are', () => {
    expect(id).toMatch(new RegExp(`^${area}/[a-z]+(?:-[a-z]+)*$`));
    expect(title).toMatch(/^[A-Z/].*[^.]$/);
    for (const text of [docs.protects, docs.fix, docs.exception]) expect(text).toMatch(/\.$/);
    expect(docs.allows.length).toBeGreaterThan(0);
    expect(docs.links.length).toBeGreaterThan(0);
  });
});
