import type { Fault } from '../../model/finding.ts';
import type { RepositoryChangeRule } from '../rule.ts';
import { deployment } from './signed-example.ts';
import { faultOfLine } from './updates/fault.ts';
import { likenessOf } from './updates/look-alike.ts';
import { newRepositories, repositoriesOf } from './updates/repositories.ts';

/** An image repository that the base branch does not name. */
export const newRepository: RepositoryChangeRule = {
  id: 'image-policy/new-repository',
  area: 'image-policy',
  title: 'Image repository that is new here',
  since: '0.1',
  on: 'repository-change',
  docs: {
    protects:
      'With a new image repository somebody new can put programs into the cluster. That is worth a look at who they are; for known repositories that look was taken before.',
    allows: [
      'Looks at image repositories in changed manifests, values of charts and OCI addresses, and at all that any file of the base branch names.',
      'Told as advice. A name that passes for a known one is a risk, told by the rule on look-alikes.',
    ],
    fix: 'See who publishes the image, and whether a policy demands a signature of it.',
    exception: 'None needed: it is advice, and does not fail the check.',
    given: { before: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.2') } },
    bad: { 'apps/web.yaml': deployment('quay.io/example/other:1.0.0') },
    good: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.3') },
    links: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  },
  evaluate({ before, after }) {
    if (before === undefined) return { faults: [], unknowns: [] };
    const named = newRepositories(before.tree, after.tree);
    if (named.length === 0) return { faults: [], unknowns: [] };
    const known = repositoriesOf(before.tree);
    // Where nothing is known, everything is new, and says nothing.
    if (known.size === 0) return { faults: [], unknowns: [] };
    const faults = named.flatMap((one): Fault[] => {
      const { name, instead } = one;
      if (likenessOf(name, known, instead) !== undefined) return [];
      const place = instead === undefined ? '' : ` It takes the place of ${instead}.`;
      const message = `No file of the base branch names image repository ${name}.${place}`;
      return [
        faultOfLine(one, { rule: newRepository.id, effect: 'advice', message, aspect: name }),
      ];
    });
    return { faults, unknowns: [] };
  },
};
