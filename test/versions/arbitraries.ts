import process from 'node:process';

import fc from 'fast-check';

import type { Constraint } from '../../src/versions/constraint.ts';
import type { Version } from '../../src/versions/version.ts';
import { constraint, version } from './parse.ts';

/** The same cases in every run; `SEED=… npx vitest run test/versions` looks at others. */
export const SEED = Number(process.env.SEED ?? 20260101);

// A small world, so that random bounds and random versions meet at the edges.
const numbers = fc.constantFrom('0', '0', '1', '2', '3', '18446744073709551615');
const prereleases = fc.constantFrom('0', '0.0', 'a', 'a.0', 'rc.1', '1', 'b');
const wildcards = fc.constantFrom('x', '*');

/** Any version of the small world; half of them prereleases. */
export const anyVersion: fc.Arbitrary<Version> = fc
  .tuple(numbers, numbers, numbers, fc.option(prereleases), fc.constantFrom('', '', '.0', '.z'))
  .map(([major, minor, patch, prerelease, more]) =>
    version([major, minor, patch].join('.') + (prerelease === null ? '' : `-${prerelease}${more}`)),
  );

const part = fc.oneof({ weight: 7, arbitrary: numbers }, { weight: 1, arbitrary: wildcards });

const partial = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.option(prereleases, { freq: 2 }))
  .map(([parts, prerelease]) => parts.join('.') + (prerelease === null ? '' : `-${prerelease}`));

const comparator = fc
  .tuple(fc.constantFrom('', '=', '!=', '!=', '>', '<', '>=', '<=', '~', '^'), partial)
  .map(([operator, text]) => operator + text);

const hyphenRange = fc.tuple(partial, partial).map(([from, to]) => `${from} - ${to}`);

const branch = fc
  .array(fc.oneof({ weight: 9, arbitrary: comparator }, { weight: 1, arbitrary: hyphenRange }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((conditions) => conditions.join(', '));

/** Any valid constraint of the small world. */
export const anyConstraint: fc.Arbitrary<Constraint> = fc
  .array(branch, { minLength: 1, maxLength: 3 })
  .map((branches) => constraint(branches.join(' || ')));
