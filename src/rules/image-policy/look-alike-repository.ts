import type { Fault } from '../../model/finding.ts';
import type { RepositoryChangeRule } from '../rule.ts';
import { deployment } from './signed-example.ts';
import { faultOfLine } from './updates/fault.ts';
import { likenessOf } from './updates/look-alike.ts';
import { newRepositories, repositoriesOf } from './updates/repositories.ts';

/** An image repository that is new here and passes for one that is known. */
export const lookAlikeRepository: RepositoryChangeRule = {
  id: 'image-policy/look-alike-repository',
  area: 'image-policy',
  title: 'Image repository that passes for another one',
  since: '0.1',
  on: 'repository-change',
  docs: {
    protects:
      'An image from `ghcr.io/acrne/web` is somebody else’s program, whatever it looks like. A changed letter, or a registry where anybody may take the name, is how such an image comes in.',
    allows: [
      'Looks at image repositories that no file of the base branch names.',
      'Not allowed: one that differs from a known one only by its registry, by letters that look alike (`rn` and `m`, `0` and `o`, `1` and `l`, other alphabets), or by one or two letters.',
      'Siblings are left alone: short names of one owner, and names that differ by their number.',
    ],
    fix: 'Look who owns the repository, letter by letter. Put the known name back if it was not meant.',
    exception: 'A move to another registry, or a mirror: waive it once, with the reason.',
    given: { before: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.2') } },
    bad: { 'apps/web.yaml': deployment('ghcr.io/acrne/web:1.4.3') },
    good: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.3') },
    links: ['https://slsa.dev/spec/v1.0/threats'],
  },
  evaluate({ before, after }) {
    if (before === undefined) return { faults: [], unknowns: [] };
    const named = newRepositories(before.tree, after.tree);
    if (named.length === 0) return { faults: [], unknowns: [] };
    const known = repositoriesOf(before.tree);
    const faults = named.flatMap((one): Fault[] => {
      const likeness = likenessOf(one.name, known, one.instead);
      if (likeness === undefined) return [];
      const message = `Image repository ${one.name} is new here and passes for ${likeness.known}: it ${likeness.how}.`;
      const remedy = 'Look letter by letter who owns it, or put the known repository back.';
      return [
        faultOfLine(one, { rule: lookAlikeRepository.id, message, remedy, aspect: one.name }),
      ];
    });
    return { faults, unknowns: [] };
  },
};
