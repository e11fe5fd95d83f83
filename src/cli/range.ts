import { toVisible } from '../report/escape.ts';
import type { Bound } from '../versions/bound.ts';
import { type BranchBounds, toBounds } from '../versions/bounds.ts';
import { type Breadth, toBreadth } from '../versions/breadth.ts';
import type { Exclusion } from '../versions/comparator.ts';
import { parseConstraint } from '../versions/constraint.ts';
import { toExamples } from '../versions/examples.ts';
import { toExplicit } from '../versions/explicit.ts';
import type { Trap } from '../versions/trap.ts';
import { findTraps } from '../versions/traps.ts';
import { formatVersion } from '../versions/version.ts';
import { coloursOf, type Output } from './output.ts';

export const RANGE_FORMATS = ['pretty', 'json'] as const;

export interface RangeCall {
  readonly format: (typeof RANGE_FORMATS)[number];
}

/** What is said of one range; the JSON form is a list of these. */
interface Described {
  readonly range: string;
  readonly valid: boolean;
  /** The message of Flux where it refuses the range. */
  readonly error?: string;
  readonly breadth?: Breadth;
  /** One for each alternative (`||`), as explicit bounds. */
  readonly bounds?: readonly DescribedBounds[];
  /** The same versions in explicit bounds, where that can be said. */
  readonly explicit?: string;
  /** Traps by name. */
  readonly traps: readonly Pick<Trap, 'code' | 'message'>[];
  readonly letsIn?: readonly string[];
  readonly keepsOut?: readonly string[];
}

interface DescribedBounds {
  readonly lower?: string;
  readonly upper?: string;
  readonly excluded: readonly string[];
  readonly prereleases: boolean;
  readonly empty: boolean;
}

/**
 * `fluxgate range RANGE...`: what a version range of Flux lets in.
 *
 * @returns the exit code: 1 when any of them is invalid
 */
export function rangeCommand(
  ranges: readonly string[],
  { format }: RangeCall,
  output: Output,
): number {
  const described = ranges.map(describe);
  if (format === 'json') output.write(JSON.stringify(described, null, 2));
  else output.write(described.map((each) => render(each, output)).join('\n\n'));
  return described.every(({ valid }) => valid) ? 0 : 1;
}

function describe(range: string): Described {
  const parsed = parseConstraint(range);
  const traps = findTraps(parsed).map(({ code, message }) => ({ code, message }));
  if (!parsed.ok) return { range, valid: false, error: parsed.error.message, traps };
  const { constraint } = parsed;
  const explicit = toExplicit(constraint);
  const { admitted, refused } = toExamples(constraint);
  return {
    range,
    valid: true,
    breadth: toBreadth(constraint),
    bounds: toBounds(constraint).branches.map(toDescribedBounds),
    ...(explicit !== undefined && { explicit }),
    traps,
    letsIn: admitted.map(formatVersion),
    keepsOut: refused.map(formatVersion),
  };
}

function toDescribedBounds(bounds: BranchBounds): DescribedBounds {
  const { lower, upper, excluded, prereleases, empty } = bounds;
  return {
    ...(lower && { lower: writeBound('>', lower) }),
    ...(upper && { upper: writeBound('<', upper) }),
    excluded: excluded.map(writeExclusion),
    prereleases,
    empty,
  };
}

function writeBound(sign: '<' | '>', { version, inclusive }: Bound): string {
  return `${sign}${inclusive ? '=' : ''}${formatVersion(version)}`;
}

function writeExclusion(exclusion: Exclusion): string {
  switch (exclusion.kind) {
    case 'version':
      return formatVersion(exclusion.version);
    case 'range': {
      const { lower, upper } = exclusion.interval;
      return [lower && writeBound('>', lower), upper && writeBound('<', upper)]
        .filter((part) => part !== undefined)
        .join(' ');
    }
    case 'patches': {
      const { major, minor, prerelease } = exclusion.line;
      return `${major}.${minor}.x${prerelease === '' ? '' : `-${prerelease}`}`;
    }
  }
}

function render(described: Described, output: Output): string {
  const colours = coloursOf(output);
  const title = colours.bold(toVisible(JSON.stringify(described.range)));
  const traps = described.traps.map(({ code, message }) =>
    line('trap', `${toVisible(message)} (${code})`),
  );
  const { breadth, bounds = [], letsIn = [], keepsOut = [] } = described;
  if (breadth === undefined) {
    const reason = line('refused', toVisible(described.error ?? ''));
    return [`${title}  ${colours.red('invalid')}`, reason, ...traps].join('\n');
  }
  return [
    `${title}  ${sayBreadth(breadth)}`,
    ...bounds.map((each, index) => line(index === 0 ? 'bounds' : 'or', sayBounds(each))),
    line('lets in', letsIn.join(', ') || 'nothing'),
    line('keeps out', keepsOut.join(', ') || 'nothing'),
    ...(described.explicit === undefined || described.explicit === described.range
      ? []
      : [line('write', described.explicit)]),
    ...traps,
  ].join('\n');
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(10)} ${text}`;
}

const BREADTH_WORDS = {
  empty: 'empty: no version satisfies it',
  exact: 'exact: one version',
  patch: 'patch: within one minor line',
  minor: 'minor: within one major line',
  major: 'major: across major versions, up to a bound',
  unbounded: 'unbounded: every later version',
  everything: 'everything: every version',
} as const;

function sayBreadth({ kind, prereleases, breaking }: Breadth): string {
  const remarks = [
    ...(prereleases ? ['with prereleases'] : []),
    ...(breaking && (kind === 'patch' || kind === 'minor')
      ? ['may break, as it is below 1.0']
      : []),
  ];
  return [BREADTH_WORDS[kind], ...remarks].join(', ');
}

function sayBounds({ lower, upper, excluded, prereleases, empty }: DescribedBounds): string {
  if (empty) return 'nothing';
  const bounds = [lower ?? 'no lower bound', upper ?? 'no upper bound'].join(', ');
  const holes = excluded.length > 0 ? `, but not ${excluded.slice(0, 10).join(', ')}` : '';
  return `${bounds}${holes}, prereleases ${prereleases ? 'too' : 'left out'}`;
}
