import type { EvidenceRequest } from '../../model/evidence.ts';
import { placeOf } from '../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import type { Repository, RepositoryRule, RuleContext } from '../rule.ts';
import { type Automation, automationsOf, isDeployedFrom } from './automations.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { hasAlertFor, hasWorkflowFor } from './pull-request-makers.ts';
import { FLEET, PUSH_BRANCH_FACTS, WORKFLOW } from './updates/fleet-example.ts';

const PATH = ['spec', 'git', 'push', 'branch'];

/** An automation that pushes to a branch which nobody makes pull requests of. */
export const unattendedPushBranch: RepositoryRule = {
  id: 'image-policy/unattended-push-branch',
  area: 'image-policy',
  title: 'Push branch that nothing turns into a pull request',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'An automation with a branch of its own only writes commits. Where nothing opens a pull request from it, updates pile up there silently, and security updates never arrive.',
    allows: [
      'Looks at ImageUpdateAutomations that push to another branch than their source follows.',
      'Allowed: a workflow that opens pull requests and runs for the branch, on a schedule or on a dispatch; an Alert of the automation with a Provider that can act (github, githubdispatch, gitlab, gitea, generic); or a pull request that once came from the branch.',
      'Without an answer about earlier pull requests it is unknown.',
    ],
    fix: 'Add a workflow that runs on pushes to the branch and opens a pull request (`gh pr create`).',
    exception: 'A program elsewhere that opens them, before it has opened the first: waive it.',
    limits:
      'Workflows are read as text: whether the step that opens pull requests works is not known.',
    given: { facts: PUSH_BRANCH_FACTS },
    bad: FLEET,
    good: { ...FLEET, '.github/workflows/image-updates.yaml': WORKFLOW },
    links: ['https://fluxcd.io/flux/use-cases/gh-actions-auto-pr/'],
  },
  needs: ({ after }) =>
    unattended(after).map(({ pushed = '' }): EvidenceRequest => ({
      kind: 'push-branch',
      branch: pushed,
    })),
  evaluate(repository, context) {
    const answers = unattended(repository).map((automation) => judge(automation, context));
    return {
      faults: answers.flatMap((answer) => (answer && 'effect' in answer ? [answer] : [])),
      unknowns: answers.flatMap((answer) => (answer && 'reason' in answer ? [answer] : [])),
    };
  },
};

function unattended({ clusters, tree }: Repository): Automation[] {
  return clusters.flatMap(automationsOf).filter((automation) => {
    const { pushed, followed, source, cluster, isSuspended } = automation;
    return (
      !isSuspended &&
      pushed !== undefined &&
      followed !== undefined &&
      pushed !== followed &&
      !pushed.includes('${') &&
      source !== undefined &&
      isDeployedFrom(cluster, source) &&
      !hasWorkflowFor(tree, pushed) &&
      !hasAlertFor(automation)
    );
  });
}

function judge(
  { object, pushed = '' }: Automation,
  { facts }: RuleContext,
): Fault | UnknownFact | undefined {
  const fact = facts.pushBranches?.get(pushed);
  const known = fact?.state === 'known' ? fact.value : undefined;
  if ((known?.pullRequests ?? 0) > 0) return undefined;
  const nothing = `No workflow opens pull requests from branch "${pushed}", and no Alert with a Provider does`;
  const ahead = known?.exists && known.ahead > 0 ? `; it is ${commits(known.ahead)} ahead` : '';
  if (known?.pullRequests === undefined) {
    const why = fact?.state === 'unknown' ? ` ${fact.reason}` : '';
    return {
      rule: unattendedPushBranch.id,
      reason: `${nothing}${ahead}. Whether anything else ever did is not known.${why}`,
      place: placeOf(object.resource.root, PATH),
      cause: 'environment',
    };
  }
  const state = known.exists ? ahead : '; the branch does not exist yet';
  return faultAt(object, PATH, {
    rule: unattendedPushBranch.id,
    effect: 'risk',
    message: `${nameOf(object)} pushes to branch "${pushed}", from which no pull request was ever opened. ${nothing}${state}: updates pile up silently.`,
    remedy: remedy('Add a workflow that opens a pull request when the branch is pushed.', object),
  });
}

function commits(count: number): string {
  return count === 1 ? '1 commit' : `${count} commits`;
}
