import type { Fault } from '../../model/finding.ts';
import type { RepositoryChangeRule } from '../rule.ts';
import { automation, markedDeployment } from './updates/examples.ts';
import { faultOfLine } from './updates/fault.ts';
import { policiesNamed, refusalOf } from './updates/governing-policy.ts';
import { versionChangesOf } from './updates/version-changes.ts';

/** A new value before a marker that the policy it names would not choose. */
export const disallowedVersion: RepositoryChangeRule = {
  id: 'image-policy/disallowed-version',
  area: 'image-policy',
  title: 'Version that its policy does not let in',
  since: '0.1',
  on: 'repository-change',
  docs: {
    protects:
      'A marker says which policy chooses the version of a line. A version that this policy does not let in was not chosen by it: somebody wrote it, and the automation will soon write another one over it.',
    allows: [
      'Looks at changed values before a marker, in pull requests of automations, bots and people, and at the ImagePolicy of the base branch that the marker names.',
      'Allowed: a tag that matches `filterTags`, and whose version lies in the range; a number for a numerical policy; the image of the ImageRepository.',
    ],
    fix: 'Take a version that the policy lets in; or change the policy first, in a pull request of its own.',
    exception: 'A version that is held by hand for a while: take the marker off instead.',
    limits: 'Whether the version is the newest that the policy lets in is not known.',
    given: {
      before: {
        'clusters/production/automation.yaml': automation(),
        'clusters/production/web.yaml': markedDeployment('1.4.2'),
      },
    },
    bad: {
      'clusters/production/automation.yaml': automation(),
      'clusters/production/web.yaml': markedDeployment('2.0.0'),
    },
    good: {
      'clusters/production/automation.yaml': automation(),
      'clusters/production/web.yaml': markedDeployment('1.4.3'),
    },
    links: ['https://fluxcd.io/flux/components/image/imagepolicies/'],
  },
  evaluate({ before, after }) {
    if (before === undefined) return { faults: [], unknowns: [] };
    const faults = versionChangesOf(before.tree, after.tree).updates.flatMap((update): Fault[] => {
      if (update.setter === undefined) return [];
      for (const governing of policiesNamed(before, update.setter)) {
        const refusal = refusalOf(update, governing);
        if (refusal === undefined) continue;
        const { plainName } = governing.policy.resource;
        const message = `The new value "${update.to}" is not what its marker asks for: ImagePolicy "${plainName}" ${refusal}. It was "${update.from}".`;
        const remedy = 'Take a version that the policy lets in, or change the policy first.';
        return [faultOfLine(update, { rule: disallowedVersion.id, message, remedy })];
      }
      return [];
    });
    return { faults, unknowns: [] };
  },
};
