import { build } from '../../src/kustomize/build.ts';
import type { BuildCache } from '../../src/kustomize/cache.ts';
import { renderYaml } from '../../src/kustomize/print/render.ts';
import type { Repository } from './repository.ts';

/** What our build of a directory gives. */
export interface OurBuild {
  readonly output: string;
  /** Why it fails; empty when it does not. */
  readonly error: string;
  readonly isIncomplete: boolean;
}

export function buildOurs({ tree }: Repository, directory: string, cache: BuildCache): OurBuild {
  const { resources, problems, incomplete } = build(tree, directory, cache);
  const reasons = problems.map(({ message, place }) => `${place.path}:${place.line}: ${message}`);
  return {
    output: renderYaml(resources),
    error: reasons.join(' '),
    isIncomplete: problems.length === 0 && incomplete.length > 0,
  };
}
