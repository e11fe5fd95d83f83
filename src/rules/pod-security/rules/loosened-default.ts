import { CONFIG_PATH } from '../../../model/config-path.ts';
import { placeOf } from '../../../model/field-path.ts';
import type { Fault } from '../../../model/finding.ts';
import type { RepositoryChange, RepositoryChangeRule, RuleContext } from '../../rule.ts';
import { admissionExample } from '../admission-example.ts';
import {
  type AdmissionChange,
  admissionChanges,
  touchedNamespaces,
  type TouchedNamespace,
} from '../admission-change.ts';
import { isStricter } from '../level.ts';
import { workloadNames } from '../namespace-fault.ts';
import { policyText } from '../policy.ts';

/** A change after which the default of a cluster enforces less. */
export const loosenedDefault: RepositoryChangeRule = {
  id: 'pod-security/loosened-default',
  area: 'pod-security',
  title: 'Default of a cluster that enforces less than before',
  since: '0.1',
  fails: true,
  loosens: true,
  on: 'repository-change',
  docs: {
    protects:
      'The default of a cluster is the level of every namespace that says nothing. Lowering it opens all of them at once, and those that will be created later, though not one label changes.',
    allows: [
      'Raising `defaults.enforce` of an admission configuration, or of `clusters.NAME.podSecurity` in `.github/fluxgate.yaml`, or leaving it.',
      'The change is told here and counts after the merge: this review goes by the configuration of the base branch.',
    ],
    fix: 'Keep the default, and give a lower level to the namespaces that need one, with the reason beside the label.',
    exception:
      'A cluster whose namespaces all have labels of their own. Ask for a waiver for the name of the cluster, in a pull request before this one.',
    given: {
      before: admissionExample('defaults:\n  enforce: restricted\n  enforce-version: v1.35\n'),
    },
    bad: admissionExample('defaults:\n  enforce: baseline\n  enforce-version: v1.35\n'),
    good: admissionExample('defaults:\n  enforce: restricted\n  enforce-version: v1.36\n'),
    links: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/',
    ],
  },
  evaluate: (change, context) => ({
    faults: admissionChanges(change).flatMap((one) => toFault(one, change, context) ?? []),
    unknowns: [],
  }),
};

function toFault(
  admission: AdmissionChange,
  { after }: RepositoryChange,
  context: RuleContext,
): Fault | undefined {
  const { cluster } = admission;
  const [old, now] = [admission.before?.defaults.enforce, admission.after?.defaults.enforce];
  if (old === undefined || now === undefined || !isStricter(old.level, now.level)) return undefined;
  const deployed = after.clusters.find(({ name }) => name === cluster.name);
  const touched = deployed ? touchedNamespaces(deployed, admission, context) : [];
  const { root, at } = cluster.admission ?? {};
  return {
    rule: loosenedDefault.id,
    effect: 'risk',
    subject: {
      apiVersion: '',
      kind: 'Cluster',
      name: cluster.name,
      field: 'podSecurity.defaults.enforce',
    },
    message: `Cluster "${cluster.name}" enforces ${policyText(now)} by default after this change; before it enforced ${policyText(old)}.${inWords(touched)}`,
    primary:
      root && at
        ? placeOf(root, [...at, 'defaults', 'enforce'])
        : { path: CONFIG_PATH, line: 1, endLine: 1 },
    related: [],
    policy: policyText(now),
    remedy: { summary: `Keep the default of enforce: ${old.level}.`, fields: [], edits: [] },
  };
}

function inWords(touched: readonly TouchedNamespace[]): string {
  const open = touched.map(({ name }) => `"${name}"`);
  const letIn = touched.flatMap((namespace) => namespace.letIn);
  if (open.length === 0) return ' No namespace of this repository goes by it.';
  const rest = open.length > 5 ? ` and ${open.length - 5} more` : '';
  const newly = letIn.length > 0 ? ` Newly let in: ${workloadNames(letIn)}.` : '';
  return ` Held to it: ${open.slice(0, 5).join(', ')}${rest}.${newly}`;
}
