import {
  type Area,
  AREAS,
  type Effect,
  EFFECTS,
  type Finding,
  type Subject,
} from '../model/finding.ts';

/** How people know the areas. */
export const AREA_NAMES: Record<Area, string> = {
  'pod-security': 'pod security',
  'commit-signatures': 'commit signatures',
  'image-policy': 'image policy',
  gitops: 'gitops',
};

/** Names of the check runs. Constant: required checks are chosen by them. */
export function checkName(area: Area): string {
  return `Fluxgate / ${AREA_NAMES[area]}`;
}

/** The area of a check run by its name; undefined when it is not one of ours. */
export function areaOfCheck(name: string): Area | undefined {
  return (Object.keys(AREA_NAMES) as Area[]).find((area) => checkName(area) === name);
}

const EFFECT_NOUNS: Record<Effect, [one: string, many: string]> = {
  denied: ['refusal', 'refusals'],
  risk: ['risk', 'risks'],
  warned: ['warning', 'warnings'],
  audited: ['audit entry', 'audit entries'],
  advice: ['advice', 'advice'],
};

/** `2 refusals, 1 risk`: a count per effect, strongest first; empty for no findings. */
export function countEffects(findings: readonly Pick<Finding, 'effect'>[]): string {
  return (Object.keys(EFFECT_NOUNS) as Effect[])
    .map(
      (effect) => [effect, findings.filter((finding) => finding.effect === effect).length] as const,
    )
    .filter(([, count]) => count > 0)
    .map(([effect, count]) => `${count} ${EFFECT_NOUNS[effect][count === 1 ? 0 : 1]}`)
    .join(', ');
}

/** `1 pod`, `2 pods`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** Of findings that are gone and that nobody mended. */
export function wordLapsed(number: number): string {
  return `${count(number, 'finding')} no longer ${number === 1 ? 'applies' : 'apply'}`;
}

/** `Deployment payments/api`; not escaped. */
export function nameSubject({ kind, namespace, name }: Subject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name || '(unnamed)'}`;
}

/** Which area a rule belongs to; ids start with it. */
export function areaOf(rule: string): Area | undefined {
  return AREAS.find((area) => rule.startsWith(`${area}/`));
}

/** The strongest effect among findings. */
export function strongestOf(findings: readonly Pick<Finding, 'effect'>[]): Effect | undefined {
  return EFFECTS.find((effect) => findings.some((finding) => finding.effect === effect));
}

/** How manifests are called that no cluster is known to apply. */
export const NO_CLUSTER = 'manifests';
