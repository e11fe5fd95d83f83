import { deploymentOf } from '../example-deployment.ts';
import type { ObjectRule, RuleDocs } from '../rule.ts';
import type { Control } from './controls.ts';
import { judgeControl } from './judge-object.ts';
import { namespaceText } from './label-example.ts';
import type { Level } from './level.ts';

/** What is said of a control beside what all of them share. */
export interface ControlWords extends Pick<
  RuleDocs,
  'protects' | 'allows' | 'fix' | 'exception' | 'limits'
> {
  readonly title: string;
  /** The level of the examples: the lowest that has the control. */
  readonly level: Exclude<Level, 'privileged'>;
  /** A pod's spec that the control refuses and one that it lets pass, as YAML. */
  readonly bad: string;
  readonly good: string;
}

/** The rule of a control of the standard: every pod that a workload makes, in its namespace. */
export function controlRule(
  control: Control,
  { title, level, bad, good, ...words }: ControlWords,
): ObjectRule {
  return {
    id: `pod-security/${control}`,
    area: 'pod-security',
    title,
    since: '0.1',
    lapsesWith: ['pod-security/loosened-level', 'pod-security/loosened-default'],
    on: 'object',
    docs: {
      ...words,
      bad: exampleFiles(level, bad),
      good: exampleFiles(level, good),
      links: [`https://kubernetes.io/docs/concepts/security/pod-security-standards/#${level}`],
    },
    evaluate: (object, cluster, { settings }) => judgeControl(control, object, cluster, settings),
  };
}

/** A namespace at a level, and a Deployment in it. */
function exampleFiles(level: Level, podSpec: string): Record<string, string> {
  return {
    'apps/namespace.yaml': namespaceText({ enforce: level, 'enforce-version': 'v1.35' }),
    'apps/deployment.yaml': deploymentOf(podSpec),
  };
}
