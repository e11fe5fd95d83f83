import type { Place } from '../model/source.ts';

/**
 * Why a build fails. Real kustomize stops at the first of them; here all that are independent of
 * each other are told.
 */
export type BuildProblemCode =
  | 'no-kustomization'
  | 'several-kustomizations'
  | 'empty-kustomization'
  | 'unknown-field'
  | 'wrong-type'
  | 'bad-kustomization'
  | 'bad-yaml'
  | 'not-a-resource'
  | 'missing-file'
  | 'outside-repository'
  | 'cycle'
  | 'component-as-resource'
  | 'not-a-component'
  | 'duplicate-resource'
  | 'bad-patch'
  | 'patch-target-missing'
  | 'patch-failed'
  | 'bad-pattern'
  | 'bad-selector'
  | 'bad-field'
  | 'bad-generator'
  | 'ambiguous-reference'
  | 'bad-replacement'
  | 'bad-variable'
  | 'bad-configuration'
  | 'bad-plugin'
  | 'limit';

export interface BuildProblem {
  readonly code: BuildProblemCode;
  /** One sentence; quotes the repository, not escaped. */
  readonly message: string;
  /** The line that causes it. */
  readonly place: Place;
}

/**
 * - `remote`: a resource or base behind a URL
 * - `helm`: a chart to be rendered; Flux refuses it
 * - `plugin`: a generator or transformer that is a program or container; Flux refuses it
 * - `unreadable`: a file that the repository has and that cannot be read
 * - `layout`: a name that follows from how kustomize lays out an object in its memory
 */
export type IncompleteCause = 'remote' | 'helm' | 'plugin' | 'unreadable' | 'layout';

/** Something the build needs and cannot have: nothing may be called absent because of it. */
export interface IncompletePart {
  readonly cause: IncompleteCause;
  /** One sentence. */
  readonly reason: string;
  readonly place: Place;
  /** Only because of another part: something may be in that one. */
  readonly follows?: true;
}
