import type { FieldPath } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { matchesWildcard } from '../../../model/wildcard.ts';
import { quoteBriefly } from '../../../versions/quote.ts';
import { textsOf } from '../verifiers/nodes.ts';
import { reachOf } from './reach.ts';
import type { Say } from './say.ts';

/** Which images an entry of `verifyImages` means, and which it skips. */
export function judgePatterns(entry: LocatedMap, path: FieldPath, say: Say): void {
  const patterns = textsOf(entry.get('imageReferences')).map((text, index) => ({
    text,
    at: [...path, 'imageReferences', index],
  }));
  // The oldest form, deprecated: Kyverno takes it for one more pattern.
  const single = entry.text('image');
  if (single) patterns.push({ text: single, at: [...path, 'image'] });
  const texts = patterns.map(({ text }) => text);
  for (const { text, at } of patterns) judgePattern(text, at, texts, say);
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

function judgePattern(pattern: string, at: FieldPath, all: readonly string[], say: Say): void {
  const reach = reachOf(pattern);
  if (reach === undefined) return;
  const first = pattern.slice(0, pattern.indexOf('/') + 1);
  const has = `has the pattern ${quoteBriefly(pattern)}, which`;
  if (!/[*?.:]/.test(first) && !pattern.startsWith('*') && first !== 'localhost/') {
    const what = `${has} matches no image: images are compared with their registry, as in ${quoteBriefly(`docker.io/${pattern}`)}`;
    say(at, 'risk', what, 'Begin the pattern with the registry.');
  } else if (/^(?:index\.)?docker\.io\/library\//.test(pattern)) {
    const what = `${has} misses images of the hub that are written without "library/": those are compared as docker.io/NAME`;
    say(at, 'risk', what, 'Also match `docker.io/NAME*`.');
  } else if (!reach.tags && !reach.digests) {
    const isBare = !/[:@]/.test(pattern.slice(pattern.lastIndexOf('/')));
    const what = `${has} matches no image: images are compared as REGISTRY/NAME:TAG, or as REGISTRY/NAME@DIGEST`;
    const fix = isBare
      ? `Use ${quoteBriefly(`${pattern}*`)}, which covers tags and digests.`
      : 'Write the pattern as images are compared.';
    say(at, 'risk', what, fix);
  } else if (!reach.digests && !coversDigests(pattern, all)) {
    const what = `${has} misses every image with a digest: a digest takes the tag's place`;
    const name = pattern.slice(0, pattern.lastIndexOf(':'));
    const fix = pattern.endsWith(':*')
      ? `Use ${quoteBriefly(`${name}*`)}, which covers tags and digests.`
      : `Also match ${quoteBriefly(`${name}@*`)}.`;
    say(at, 'risk', what, fix);
  }
}

/** Whether another pattern of the entry matches the same images by their digest. */
function coversDigests(pattern: string, all: readonly string[]): boolean {
  const colon = pattern.lastIndexOf(':');
  if (colon < pattern.lastIndexOf('/')) return false;
  const digest = `${pattern.slice(0, colon)}@sha256:${'0'.repeat(64)}`;
  return all.slice(0, MOST).some((each) => each !== pattern && matchesWildcard(each, digest));
}

/** Patterns of an entry that are compared with each other. */
const MOST = 100;
