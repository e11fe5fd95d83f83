import { describe, expect, it } from 'vitest';

import { kustomization } from '../../flux/clusters.ts';
import { changed, line, namespace } from './reviewed.ts';

const CLUSTER = {
  'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
  'clusters/a/apps.yaml': kustomization('apps', './apps'),
};

const FLUX = 'kustomize.toolkit.fluxcd.io';
const IGNORE = `annotations: {${FLUX}/ssa: Ignore}`;
const ONCE = `annotations: {${FLUX}/ssa: IfNotPresent}`;

const GOOD =
  'securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]';
const BAD = GOOD.replace('Escalation: false', 'Escalation: true');

function pod(spec: string, marks = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, ${marks}}\nspec: {${spec}}\n`;
}

function shop(enforce: string, marks = ''): string {
  return namespace('shop', { enforce }) + (marks && `  ${marks}\n`);
}

/** The conclusion, and what is introduced, existing or fixed beside advice, then what is unknown. */
function said(before: [ns: string, pod: string], after: [ns: string, pod: string]): unknown[] {
  const files = ([ns, web]: [string, string]) => ({
    ...CLUSTER,
    'apps/ns.yaml': ns,
    'apps/web.yaml': web,
  });
  const { verdicts, findings, unknowns } = changed(files(before), files(after));
  const told = findings.filter(
    ({ effect, rule }) =>
      (effect === 'denied' || effect === 'risk') &&
      rule !== 'pod-security/privileged-namespace-without-reason',
  );
  return [
    verdicts[0]?.conclusion,
    told.map((finding) => `${finding.change} ${line(finding)}`),
    [...new Set(unknowns.map(({ change, reason }) => `${change} ${reason}`))],
  ];
}

const NOT_KNOWN = `introduced spec of Pod "web" in namespace "shop" is not known: Flux leaves it as the cluster has it, by ${FLUX}/ssa: Ignore.`;
const ESCALATION =
  'denied pod-security/privilege-escalation apps/web.yaml:4 spec.containers[name=a].securityContext.allowPrivilegeEscalation';

describe('an object that Flux leaves as the cluster has it', () => {
  it.each([
    ['in an annotation', IGNORE, `${FLUX}/ssa: Ignore`],
    ['in a label', `labels: {${FLUX}/reconcile: disabled}`, `${FLUX}/reconcile: disabled`],
    ['in any case', `annotations: {${FLUX}/ssa: ignore}`, `${FLUX}/ssa: ignore`],
  ])('is not refused, and not known, %s', (_, marks, mark) => {
    const [conclusion, told, unknown] = said(
      [shop('restricted'), pod(GOOD)],
      [shop('restricted'), pod(BAD, marks)],
    );
    expect([conclusion, told]).toEqual(['neutral', []]);
    expect(unknown).toContain(
      `introduced spec of Pod "web" in namespace "shop" is not known: Flux leaves it as the cluster has it, by ${mark}.`,
    );
  });

  it('mends nothing', () => {
    const [, told, unknown] = said(
      [shop('restricted'), pod(BAD)],
      [shop('restricted'), pod(BAD, IGNORE)],
    );
    expect(told).toEqual([`existing ${ESCALATION}`]);
    expect(unknown).toContain(NOT_KNOWN);
  });

  it('is told once it is so, and not again', () => {
    const same: [string, string] = [shop('restricted'), pod(GOOD, IGNORE)];
    expect(said(same, same)[0]).toBe('success');
  });

  it.each([`annotations: {${FLUX}/ssa: Merge}`, `annotations: {${FLUX}/reconcile: enabled}`])(
    'is none by %s',
    (marks) => {
      expect(said([shop('restricted'), pod(GOOD)], [shop('restricted'), pod(BAD, marks)])).toEqual([
        'failure',
        [`introduced ${ESCALATION}`],
        [],
      ]);
    },
  );
});

describe('a Namespace that Flux leaves as the cluster has it', () => {
  const LEVEL = `introduced Whether namespace "shop" enforces less than before is not known: Flux leaves it as the cluster has it, by ${FLUX}/ssa: Ignore.`;

  it('is not known to enforce what it did', () => {
    expect(said([shop('restricted'), pod(GOOD)], [shop('restricted', IGNORE), pod(GOOD)])).toEqual([
      'neutral',
      [],
      [LEVEL],
    ]);
  });

  it('neither loosens nor raises, whatever its labels are', () => {
    expect(said([shop('restricted'), pod(GOOD)], [shop('privileged', IGNORE), pod(GOOD)])).toEqual([
      'neutral',
      [],
      [LEVEL],
    ]);
    expect(said([shop('privileged'), pod(BAD)], [shop('restricted', IGNORE), pod(BAD)])).toEqual([
      'neutral',
      [],
      [
        `introduced The Pod Security level of namespace "shop" is not known, so Pod "web" in namespace "shop" is not judged by it: Flux leaves it as the cluster has it, by ${FLUX}/ssa: Ignore.`,
      ],
    ]);
  });
});

describe('what Flux creates once', () => {
  const once = (name: string) =>
    `introduced Whether ${name} is in the cluster what stands here is not known: Flux creates it where it is not there, and never changes it, by ${FLUX}/ssa: IfNotPresent.`;

  it('is judged as it is created', () => {
    expect(said([shop('restricted'), pod(GOOD)], [shop('restricted'), pod(BAD, ONCE)])).toEqual([
      'failure',
      [`introduced ${ESCALATION}`],
      [once('Pod shop/web')],
    ]);
    expect(said([shop('restricted'), pod(GOOD)], [shop('privileged', ONCE), pod(GOOD)])).toEqual([
      'failure',
      [
        'introduced risk pod-security/loosened-level apps/ns.yaml:6 metadata.labels["pod-security.kubernetes.io/enforce"]',
      ],
      [once('Namespace shop')],
    ]);
  });

  it('is no question where nothing is held to anything', () => {
    expect(said([shop('privileged'), pod(GOOD)], [shop('privileged'), pod(BAD, ONCE)])).toEqual([
      'success',
      [],
      [],
    ]);
  });
});
