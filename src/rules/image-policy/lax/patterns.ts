import type { FieldPath } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { matchesWildcard } from '../../../model/wildcard.ts';
import { quoteBriefly } from '../../../versions/quote.ts';
import { listed } from '../matching/words.ts';
import { textsOf } from '../verifiers/nodes.ts';
import { reachOf } from './reach.ts';
import type { Say } from './say.ts';

/** An entry of `verifyImages`, and where it stands. */
export interface EntryAt {
  readonly entry: LocatedMap;
  readonly path: FieldPath;
}

/** What an entry skips. */
export function judgeSkipped({ entry, path }: EntryAt, say: Say): void {
  for (const [index, pattern] of textsOf(entry.get('skipImageReferences')).entries()) {
    const isWide = /^[*?]/.test(pattern) || /^[^/]*\/\*+$/.test(pattern);
    const what = isWide
      ? `skips ${quoteBriefly(pattern)}, which is everything of a registry: what is skipped passes unverified`
      : `skips ${quoteBriefly(pattern)}: what is skipped passes unverified`;
    say(
      [...path, 'skipImageReferences', index],
      isWide ? 'risk' : 'advice',
      what,
      'Skip no more than a single image, or leave the pattern out.',
    );
  }
}

/** What is wrong with patterns, in words for one of them and for several. */
interface PatternFault {
  readonly one: (pattern: string) => string;
  readonly several: string;
  /** How to mend one, and several. */
  readonly fix: (pattern: string) => string;
  readonly fixes: string;
}

const NO_REGISTRY: PatternFault = {
  one: (pattern) =>
    `matches no image: images are compared with their registry, as in ${quoteBriefly(`docker.io/${pattern}`)}`,
  several: 'match no image: images are compared with their registry, as in docker.io/NAME',
  fix: () => 'Begin the pattern with the registry.',
  fixes: 'Begin each pattern with the registry.',
};

const LIBRARY: PatternFault = {
  one: () =>
    'misses images of the hub that are written without "library/": those are compared as docker.io/NAME',
  several:
    'miss images of the hub that are written without "library/": those are compared as docker.io/NAME',
  fix: () => 'Also match `docker.io/NAME*`.',
  fixes: 'Also match `docker.io/NAME*`.',
};

const NO_IMAGE: PatternFault = {
  one: () =>
    'matches no image: images are compared as REGISTRY/NAME:TAG, or as REGISTRY/NAME@DIGEST',
  several: 'match no image: images are compared as REGISTRY/NAME:TAG, or as REGISTRY/NAME@DIGEST',
  fix: (pattern) =>
    /[:@]/.test(pattern.slice(pattern.lastIndexOf('/')))
      ? 'Write the pattern as images are compared.'
      : `Use ${quoteBriefly(`${pattern}*`)}, which covers tags and digests.`,
  fixes: 'Write the patterns as images are compared: `REGISTRY/NAME*` covers tags and digests.',
};

const NO_DIGEST: PatternFault = {
  one: () => "misses every image with a digest: a digest takes the tag's place",
  several: "miss every image with a digest: a digest takes the tag's place",
  fix: (pattern) => {
    const name = pattern.slice(0, pattern.lastIndexOf(':'));
    return pattern.endsWith(':*')
      ? `Use ${quoteBriefly(`${name}*`)}, which covers tags and digests.`
      : `Also match ${quoteBriefly(`${name}@*`)}.`;
  },
  fixes: 'Use `REGISTRY/NAME*`, which covers tags and digests, or also match `REGISTRY/NAME@*`.',
};

interface PatternAt {
  readonly text: string;
  readonly at: FieldPath;
  readonly isOld: boolean;
}

function patternsOf({ entry, path }: EntryAt): PatternAt[] {
  const patterns = textsOf(entry.get('imageReferences')).map((text, index) => ({
    text,
    at: [...path, 'imageReferences', index],
    isOld: false,
  }));
  // The oldest form, deprecated: Kyverno takes it for one more pattern.
  const single = entry.text('image');
  return single ? [...patterns, { text: single, at: [...path, 'image'], isOld: true }] : patterns;
}

/** Which images a policy means. Patterns with the same fault are one weakness, with its places. */
export function judgeMeant(entries: readonly EntryAt[], say: Say): void {
  const patterns = entries.flatMap(patternsOf);
  const texts = patterns.map(({ text }) => text);
  const judged = patterns.map((each) => ({ ...each, fault: faultOf(each.text, texts) }));
  for (const fault of [NO_REGISTRY, LIBRARY, NO_IMAGE, NO_DIGEST]) {
    const found = judged.filter((each) => each.fault === fault);
    const [first] = found;
    if (first === undefined) continue;
    const isOne = found.length === 1;
    const names = listed(found.map(({ text }) => text));
    const what = isOne
      ? `has the pattern ${names}, which ${fault.one(first.text)}`
      : `has the patterns ${names}, which ${fault.several}`;
    const fix = isOne ? fault.fix(first.text) : fault.fixes;
    // Who still writes the oldest form has a guard for tags, and is told to replace it anyway.
    const isMild = fault === NO_DIGEST && found.every(({ isOld }) => isOld);
    for (const { at, isOld } of found) {
      // The field itself is told as deprecated.
      say(at, isMild ? 'advice' : 'risk', what, fix, isOld ? 'pattern' : undefined);
    }
  }
}

function faultOf(pattern: string, all: readonly string[]): PatternFault | undefined {
  const reach = reachOf(pattern);
  if (reach === undefined) return undefined;
  const first = pattern.slice(0, pattern.indexOf('/') + 1);
  if (!/[*?.:]/.test(first) && !pattern.startsWith('*') && first !== 'localhost/') {
    return NO_REGISTRY;
  }
  if (/^(?:index\.)?docker\.io\/library\//.test(pattern)) return LIBRARY;
  if (!reach.tags && !reach.digests) return NO_IMAGE;
  return !reach.digests && !coversDigests(pattern, all) ? NO_DIGEST : undefined;
}

/** Patterns of a policy that are compared with each other. */
const MOST = 100;

/** Whether another pattern of the policy matches the same images by their digest. */
function coversDigests(pattern: string, all: readonly string[]): boolean {
  const colon = pattern.lastIndexOf(':');
  if (colon < pattern.lastIndexOf('/')) return false;
  const digest = `${pattern.slice(0, colon)}@sha256:${'0'.repeat(64)}`;
  return all.slice(0, MOST).some((each) => each !== pattern && matchesWildcard(each, digest));
}
