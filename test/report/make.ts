import {
  AREAS,
  type Change,
  CHANGES,
  type ClusterFinding,
  EFFECTS,
  type Fault,
  type Finding,
} from '../../src/model/finding.ts';
import type { Review, ReviewUnknown, Verdict } from '../../src/model/review.ts';
import type { RuleText } from '../../src/report/rule-text.ts';

/** What tests say of a finding; the rest is a container of payments/api that is privileged. */
export interface Made extends Partial<Omit<Finding, 'clusters'>> {
  /** `production`, or with its effect and change: `staging warned existing`. */
  readonly clusters?: readonly string[];
}

export function finding(made: Made = {}): Finding {
  const { clusters = ['production'], ...rest } = made;
  const fault: Fault = {
    rule: 'pod-security/privileged-containers',
    effect: 'denied',
    subject: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'payments',
      name: 'api',
      container: 'app',
      field: 'spec.template.spec.containers[name=app].securityContext.privileged',
    },
    message: 'Container "app" must not set securityContext.privileged to true.',
    primary: { path: 'apps/base/payments/deployment.yaml', line: 31, endLine: 31 },
    related: [],
  };
  const whole = { ...fault, change: 'introduced' as Change, ...rest };
  const { rule, subject } = whole;
  const { kind, namespace = '', name, field } = subject;
  return {
    fingerprint: [rule, kind, namespace, name, field].join('|'),
    ...whole,
    clusters: clusters.map((text) => toCluster(text, whole)),
  };
}

function toCluster(
  text: string,
  { effect, change, policy }: Pick<Finding, 'effect' | 'change' | 'policy'>,
): ClusterFinding {
  const [name = '', ...words] = text.split(' ');
  return {
    name,
    environment: ['production', 'staging', 'development'].find((one) => name.startsWith(one)),
    effect: EFFECTS.find((one) => words.includes(one)) ?? effect,
    change: CHANGES.find((one) => words.includes(one)) ?? change,
    ...(policy !== undefined && { policy }),
  };
}

export function unknown(made: Partial<ReviewUnknown> = {}): ReviewUnknown {
  return {
    area: 'gitops',
    rule: 'gitops/kustomization-build-failure',
    reason: 'The remote base https://example.org/base is not read.',
    place: { path: 'apps/base/kustomization.yaml', line: 4, endLine: 4 },
    cause: 'environment',
    change: 'introduced',
    clusters: ['production'],
    ...made,
  };
}

export interface MadeReview {
  readonly findings?: readonly Finding[];
  readonly unknowns?: readonly ReviewUnknown[];
  readonly notes?: readonly string[];
  readonly waivers?: Review['waivers'];
  readonly verdict?: Partial<Verdict>;
}

/** A review whose verdict about the first area that it speaks of is given. */
export function review({
  findings = [],
  unknowns = [],
  notes = [],
  verdict,
  waivers,
}: MadeReview): Review {
  return {
    version: 1,
    before: { commit: 'b'.repeat(40) },
    after: { commit: 'a'.repeat(40) },
    notes,
    clusters: [{ name: 'production', environment: 'production', assumptions: [] }],
    verdicts: AREAS.map((area) => ({
      area,
      conclusion: 'success',
      because: 'clean',
      ...(verdict?.area === area && verdict),
    })),
    findings,
    unknowns,
    ...(waivers && { waivers }),
  };
}

/** Two rules that are known; all others are shown by their ids. */
export const RULES: readonly RuleText[] = [
  {
    id: 'pod-security/privileged-containers',
    title: 'Privileged container',
    docs: {
      protects:
        'A privileged container can do nearly everything that its node can. Whoever takes it over owns the node.',
    },
  },
  {
    id: 'gitops/invalid-manifest',
    title: 'File that cannot be read',
    docs: {
      protects:
        'A file that is not valid YAML fails everything that applies it: Flux stops reconciling the whole Kustomization.',
    },
  },
];
