import { code } from '../report/escape.ts';
import type { ExplainedRule } from '../report/explain.ts';

const MAX_NEAR = 5;

/**
 * What somebody may have meant who names no rule: those whose own words come nearest.
 *
 * @param about attacker-controlled
 */
export function suggestRules(about: string, rules: readonly ExplainedRule[]): string {
  const words = about
    .toLowerCase()
    .slice(about.indexOf('/') + 1)
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2)
    // One or many of a thing.
    .map((word) => word.replace(/s$/, ''));
  const scored = rules.map(({ id }) => {
    const noun = id.slice(id.indexOf('/') + 1);
    return { id, score: words.filter((word) => noun.includes(word)).length };
  });
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const near = scored.filter(({ score }) => score > 0 && score === best).slice(0, MAX_NEAR);
  return near.length > 0
    ? `Did you mean ${near.map(({ id }) => code(id)).join(', ')}?`
    : `Rules are written as ${code('pod-security/privileged-containers')}.`;
}
