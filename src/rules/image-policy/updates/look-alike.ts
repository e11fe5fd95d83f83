import { distance } from '../../edit-distance.ts';

/** How a name passes for a known one, inside a sentence. */
export interface Likeness {
  readonly known: string;
  readonly how: string;
}

/** Short names differ by a letter or two without meaning each other. */
const SHORTEST = { one: 7, two: 10 } as const;

/** Names beyond this many are not compared letter by letter. */
const MOST_KNOWN = 5000;

/**
 * Which known image repository a new one passes for: the same but for the registry, for letters
 * that look alike, or for one or two letters.
 *
 * @param instead the repository that the new one takes the place of
 */
export function likenessOf(
  name: string,
  known: ReadonlySet<string>,
  instead?: string,
): Likeness | undefined {
  if (/[^\x20-\x7e]/.test(name) || name.includes('xn--')) {
    return {
      known: instead ?? skeletonOf(name),
      how: 'holds letters of other alphabets, which pass for its letters',
    };
  }
  const all = [...(instead === undefined ? [] : [instead]), ...[...known].slice(0, MOST_KNOWN)];
  const [, path] = split(name);
  const moved = all.find((each) => each !== name && split(each)[1] === path);
  if (moved !== undefined) {
    return { known: moved, how: 'is the same name at another registry' };
  }
  const skeleton = skeletonOf(name);
  const similar = all.find((each) => each !== name && skeletonOf(each) === skeleton);
  if (similar !== undefined)
    return { known: similar, how: 'differs only by letters that look alike' };
  const near = all.find((each) => isNear(name, each, each === instead));
  if (near === undefined) return undefined;
  const letters = distance(name, near) === 1 ? 'one letter' : 'two letters';
  return { known: near, how: `differs by ${letters}` };
}

function split(name: string): [string, string] {
  const slash = name.indexOf('/');
  return [name.slice(0, slash), name.slice(slash + 1)];
}

/** Within one owner short names are siblings, such as `radarr` and `sonarr`; elsewhere a trap. */
function isNear(name: string, known: string, takesItsPlace: boolean): boolean {
  if (Math.abs(name.length - known.length) > 2) return false;
  const letters = distance(name, known);
  if (letters === 0 || letters > 2) return false;
  const [owner, last] = ownerAndLast(name);
  const [knownOwner] = ownerAndLast(known);
  if (takesItsPlace || owner !== knownOwner) return true;
  // Numbered siblings: app-1, app-2; python311, python312.
  if (name.replace(/\d+/g, '0') === known.replace(/\d+/g, '0')) return false;
  return last.length >= (letters === 1 ? SHORTEST.one : SHORTEST.two);
}

function ownerAndLast(name: string): [string, string] {
  const slash = name.lastIndexOf('/');
  return [name.slice(0, slash), name.slice(slash + 1)];
}

const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/[1il|]/g, 'l'],
  [/[0o]/g, 'o'],
  [/5/g, 's'],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[-_.]/g, ''],
];

/** The name as a glance reads it. */
function skeletonOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return ALIKE.reduce((text, [from, to]) => text.replace(from, to), plain);
}
