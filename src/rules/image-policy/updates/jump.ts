import { type ImageReference, parseImage } from '../../../model/image-reference.ts';
import { parseConstraint } from '../../../versions/constraint.ts';
import { type Jump, toJump } from '../../../versions/jump.ts';
import { parseLooseVersion, type Version } from '../../../versions/version.ts';
import type { VersionChange } from './version-changes.ts';

/** How far an update goes. */
export type Step =
  | Jump
  /** Another image altogether. */
  | 'repository'
  /** A digest is added to the tag. */
  | 'pinned'
  /** The digest is taken off. */
  | 'unpinned'
  /** The same tag, with other content. */
  | 'digest'
  /** A range of versions; what it lets in is judged by the rules on ranges. */
  | 'range'
  /** Not versions that can be compared. */
  | 'unordered';

export interface StepTaken {
  readonly step: Step;
  /** Whether it may break what works: below 1.0.0 a minor step does, too. */
  readonly isBreaking: boolean;
}

/** For tables: what a step is called. */
export const STEP_WORDS: Readonly<Record<Step, string>> = {
  same: 'same version',
  prerelease: 'prerelease',
  patch: 'patch',
  minor: 'minor',
  major: 'major',
  downgrade: 'downgrade',
  other: 'other build',
  repository: 'other repository',
  pinned: 'tag to digest',
  unpinned: 'digest to tag',
  digest: 'same tag, other digest',
  range: 'range',
  unordered: 'not comparable',
};

/** The size of an update's step. */
export function stepOf({ kind, from, to }: VersionChange): StepTaken {
  if (kind === 'name') return plain('repository');
  if (kind === 'digest') return plain(from === '' ? 'pinned' : to === '' ? 'unpinned' : 'digest');
  if (kind === 'image') {
    const [old, now] = [parseImage(from), parseImage(to)];
    if (old === undefined || now === undefined) return plain('unordered');
    if (nameOfImage(old) !== nameOfImage(now)) return plain('repository');
    return tagStep(old, now);
  }
  const [old, now] = [splitTag(from), splitTag(to)];
  if (/[<>=~^*|, ]|(?:^|\.)[xX](?:[.-]|$)/.test(to) && parseConstraint(to).ok)
    return plain('range');
  return tagStep(old, now);
}

function plain(step: Step): StepTaken {
  return { step, isBreaking: false };
}

interface TagAndDigest {
  readonly tag?: string;
  readonly digest?: string;
}

function splitTag(text: string): TagAndDigest {
  const at = text.indexOf('@');
  return at === -1 ? { tag: text } : { tag: text.slice(0, at), digest: text.slice(at + 1) };
}

function tagStep(old: TagAndDigest, now: TagAndDigest): StepTaken {
  const versions = compareTags(old.tag, now.tag);
  if (versions !== undefined && versions.step !== 'same') return versions;
  if (old.tag !== now.tag && now.tag !== undefined && versions === undefined) {
    return plain('unordered');
  }
  if (old.digest === now.digest) return plain('same');
  if (old.digest === undefined) return plain('pinned');
  return plain(now.digest === undefined ? 'unpinned' : 'digest');
}

function compareTags(from: string | undefined, to: string | undefined): StepTaken | undefined {
  const [old, now] = [versionOf(from), versionOf(to)];
  if (old === undefined || now === undefined) return undefined;
  const step = toJump(old, now);
  const isBelowOne = old.major === 0n && now.major === 0n && step === 'minor';
  return { step, isBreaking: step === 'major' || isBelowOne };
}

/** `1.2-alpine` is a version with a variant; a bare commit id is none. */
function versionOf(tag: string | undefined): Version | undefined {
  if (tag === undefined || /^[0-9a-f]{7,64}$/.test(tag)) return undefined;
  const parsed = parseLooseVersion(tag);
  return parsed.ok ? parsed.version : undefined;
}

/** The image without tag and digest, with its registry; `nginx` is `docker.io/library/nginx`. */
export function nameOfImage({ registry, repository }: ImageReference): string {
  const isOfficial = registry === 'docker.io' && !repository.includes('/');
  return `${registry}/${isOfficial ? 'library/' : ''}${repository}`;
}
