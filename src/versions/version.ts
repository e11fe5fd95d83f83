import { prereleaseProblem, type PrereleaseProblem } from './prerelease.ts';

/**
 * A version as the constraint language knows it. Each number fits 64 bits; `prerelease` and
 * `build` are empty when absent and come without their `-` and `+`.
 */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly build: string;
}

export interface VersionError {
  readonly code: 'empty' | 'shape' | 'characters' | 'too-large' | 'build' | PrereleaseProblem;
  /** As the Go library words it. */
  readonly message: string;
}

export type ParsedVersion =
  | { readonly ok: true; readonly version: Version }
  | { readonly ok: false; readonly error: VersionError };

/** The largest number a part of a version can hold: the library reads parts as uint64. */
export const LARGEST_PART = 2n ** 64n - 1n;

/** Builds a version from its numbers. */
export function toVersion(major: bigint, minor: bigint, patch: bigint, prerelease = ''): Version {
  return { major, minor, patch, prerelease, build: '' };
}

/** As `StrictNewVersion`: semantic versioning to the letter, without a leading `v`. */
export function parseStrictVersion(text: string): ParsedVersion {
  if (text === '') return refuse('empty', 'version string empty');
  const dots = [text.indexOf('.'), text.indexOf('.', text.indexOf('.') + 1)] as const;
  if (dots[0] === -1 || dots[1] === -1) return refuse('shape', 'invalid semantic version');
  const [rest, build] = splitOnce(text.slice(dots[1] + 1), '+');
  if (build !== undefined && !BUILD.test(build)) return refuse('build', 'invalid metadata string');
  const [patch, prerelease] = splitOnce(rest, '-');
  if (prerelease !== undefined) {
    const problem = prereleaseProblem(prerelease);
    if (problem) return refuse(problem, PRERELEASE_MESSAGES[problem]);
  }
  const numbers = [text.slice(0, dots[0]), text.slice(dots[0] + 1, dots[1]), patch];
  for (const number of numbers) {
    if (!/^[0-9]*$/.test(number)) return refuse('characters', 'invalid characters in version');
    if (/^0./.test(number)) return refuse('leading-zero', PRERELEASE_MESSAGES['leading-zero']);
  }
  return assemble(numbers, prerelease, build, '');
}

/**
 * As `NewVersion`, which Helm and Flux use: a leading `v`, one or two missing parts and leading
 * zeros are accepted (`v1`, `1.2`, `2025.02.03`).
 */
export function parseLooseVersion(text: string): ParsedVersion {
  const found = LOOSE.exec(text);
  if (found === null) return refuse('shape', 'invalid semantic version');
  const [, major = '', minor = '0', patch = '0', prerelease, build] = found;
  const version = assemble(
    [major, minor, patch],
    prerelease,
    build,
    'error parsing version segment: ',
  );
  if (!version.ok || prerelease === undefined) return version;
  const problem = prereleaseProblem(prerelease);
  return problem ? refuse(problem, PRERELEASE_MESSAGES[problem]) : version;
}

/**
 * As Flux reads an image, chart or git tag: loosely, but only when two dots are in it, so `1.2`
 * is no version and `1.2-alpine.3` is 1.2.0-alpine.3. Source: `ParseVersion` of fluxcd/pkg/version
 * v0.16; the old v0.7 still refused leading zeros.
 */
export function parseTag(tag: string): ParsedVersion {
  const first = tag.indexOf('.');
  if (first === -1 || !tag.includes('.', first + 1)) {
    return refuse('shape', 'invalid semantic version');
  }
  return parseLooseVersion(tag);
}

/** The version's canonical text, without a leading `v`. */
export function formatVersion(version: Version): string {
  const numbers = [version.major, version.minor, version.patch].join('.');
  const prerelease = version.prerelease && `-${version.prerelease}`;
  return numbers + prerelease + (version.build && `+${version.build}`);
}

const BUILD = /^[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$/;

// Neighbouring classes share no character, so matching is linear in the length of hostile text.
const LOOSE =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

const PRERELEASE_MESSAGES: Record<PrereleaseProblem, string> = {
  prerelease: 'invalid prerelease string',
  'leading-zero': 'version segment starts with 0',
};

function assemble(
  numbers: readonly string[],
  prerelease: string | undefined,
  build: string | undefined,
  context: string,
): ParsedVersion {
  const parts: bigint[] = [];
  for (const number of numbers) {
    const cause = number === '' ? 'invalid syntax' : 'value out of range';
    const part = number === '' ? undefined : parsePart(number);
    if (part === undefined) {
      const message = `${context}strconv.ParseUint: parsing "${number}": ${cause}`;
      return refuse(number === '' ? 'shape' : 'too-large', message);
    }
    parts.push(part);
  }
  const [major = 0n, minor = 0n, patch = 0n] = parts;
  return {
    ok: true,
    version: { major, minor, patch, prerelease: prerelease ?? '', build: build ?? '' },
  };
}

/** A run of digits as a number, undefined when it needs more than 64 bits. */
function parsePart(digits: string): bigint | undefined {
  // Cut before converting: turning a very long digit string into a bigint is not linear.
  const significant = digits.replace(/^0+/, '');
  if (significant.length > 20) return undefined;
  const part = BigInt(significant);
  return part > LARGEST_PART ? undefined : part;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function refuse(code: VersionError['code'], message: string): ParsedVersion {
  return { ok: false, error: { code, message } };
}
