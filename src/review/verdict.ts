import type { Config } from '../config/schema.ts';
import { type Area, AREAS, type Effect, EFFECTS, type Finding } from '../model/finding.ts';
import type { ReviewUnknown, Verdict } from '../model/review.ts';
import type { Rule, RuleMeta } from '../rules/rule.ts';
import { activeRules } from './active-rules.ts';

const SETTINGS = {
  'pod-security': 'podSecurity',
  'commit-signatures': 'commitSignatures',
  'image-policy': 'imagePolicy',
  gitops: 'gitops',
} as const satisfies Record<Area, keyof Config>;

/** The four verdicts, always all four (`architecture.md`, check runs). */
export function toVerdicts(
  findings: readonly Finding[],
  unknowns: readonly ReviewUnknown[],
  rules: readonly Rule[],
  config: Config,
): Verdict[] {
  const { active, softened } = activeRules(rules, config);
  return AREAS.map((area) => {
    if (!rules.some((rule) => rule.area === area)) {
      return { area, conclusion: 'neutral', because: 'not-judged' };
    }
    const ofArea = active.filter((rule) => rule.area === area);
    const ids = new Map(ofArea.map((rule): [string, RuleMeta] => [rule.id, rule]));
    if (ids.size === 0) return { area, conclusion: 'success', because: 'nothing-applies' };
    const { failOn, onUnknown } = config[SETTINGS[area]];
    const counted = findings.filter(
      ({ rule, change, waiver }) => ids.has(rule) && change === 'introduced' && !waiver,
    );
    // What can fail nothing when it is known cannot fail anything while it is not.
    const gaps = unknowns.some(
      ({ rule, change, ...gap }) =>
        gap.area === area && change === 'introduced' && !softened.has(rule),
    );
    const verdict = judge(area, counted, gaps, { failOn, onUnknown }, ids);
    const isSoftened = config.mode === 'advisory' && verdict.conclusion === 'failure';
    return isSoftened ? { area, conclusion: 'neutral', because: 'advisory' } : verdict;
  });
}

function judge(
  area: Area,
  counted: readonly Finding[],
  hasGaps: boolean,
  { failOn, onUnknown }: { failOn: Effect; onUnknown: 'neutral' | 'failure' },
  rules: ReadonlyMap<string, RuleMeta>,
): Verdict {
  const threshold = EFFECTS.indexOf(failOn);
  const fails = counted.some(
    ({ rule, effect }) =>
      EFFECTS.indexOf(effect) <= threshold || (rules.get(rule)?.fails && effect !== 'advice'),
  );
  if (fails) return { area, conclusion: 'failure', because: 'findings' };
  if (hasGaps && onUnknown === 'failure')
    return { area, conclusion: 'failure', because: 'unknown' };
  if (counted.some(({ effect }) => effect !== 'advice')) {
    return { area, conclusion: 'neutral', because: 'below-fail-on' };
  }
  if (hasGaps) return { area, conclusion: 'neutral', because: 'unknown' };
  return { area, conclusion: 'success', because: 'clean' };
}
