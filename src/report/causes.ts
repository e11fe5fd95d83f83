import type { Effect, Finding } from '../model/finding.ts';
import type { ChangedFile } from '../model/report.ts';
import { type Hunk, indexHunks, isInDiff } from './hunks.ts';
import { nameSubject } from './words.ts';

/** What asks somebody to act gets a comment; the rest is an annotation beside the code. */
const COMMENTED: readonly Effect[] = ['denied', 'risk', 'warned'];

/** More comments than anybody reads. */
const MAX_COMMENTS = 15;

/** Findings that one comment speaks about, the weightiest first. */
export type Cause = readonly [Finding, ...Finding[]];

/** What stands on lines of the diff, split by how it is said there: never both ways. */
export interface Anchored {
  readonly causes: readonly Cause[];
  readonly annotated: readonly Finding[];
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
}

/**
 * Sorts what the change introduced on lines of its diff. One cause is one comment, however many
 * clusters, containers and rules it concerns: findings on the same lines, and findings of one rule
 * about one object in one hunk.
 */
export function toAnchored(findings: readonly Finding[], files: readonly ChangedFile[]): Anchored {
  const hunks = indexHunks(files);
  const anchored = findings.filter((finding) => isAnchored(finding, hunks));
  const causes = groupByCause(
    anchored.filter(({ effect }) => COMMENTED.includes(effect)),
    hunks,
  ).slice(0, MAX_COMMENTS);
  const commented = new Set(causes.flat());
  return { causes, annotated: anchored.filter((finding) => !commented.has(finding)), hunks };
}

function isAnchored(finding: Finding, hunks: ReadonlyMap<string, readonly Hunk[]>): boolean {
  const { path, line, endLine } = finding.primary;
  return mayBeAnchored(finding) && isInDiff(hunks.get(path), line, endLine);
}

/** Whether a finding stands on its line where that line is in the diff. */
export function mayBeAnchored({ change, onBase, waiver }: Finding): boolean {
  return change === 'introduced' && !onBase && !waiver;
}

/** Keeps the order of weight. */
function groupByCause(
  findings: readonly Finding[],
  hunks: ReadonlyMap<string, readonly Hunk[]>,
): Cause[] {
  const byKey = new Map<string, Finding[]>();
  const groups = new Set<Finding[]>();
  for (const finding of findings) {
    const keys = keysOf(finding, hunks.get(finding.primary.path) ?? []);
    const known = [...new Set(keys.flatMap((key) => byKey.get(key) ?? []))];
    const touched = [...groups].filter((group) => group.some((one) => known.includes(one)));
    const [group = [], ...others] = touched;
    for (const other of others) {
      group.push(...other);
      groups.delete(other);
    }
    group.push(finding);
    groups.add(group);
    for (const one of group) {
      for (const key of keysOf(one, hunks.get(one.primary.path) ?? [])) byKey.set(key, group);
    }
  }
  return [...groups].flatMap((group): Cause[] => {
    const [first, ...rest] = group.sort((a, b) => findings.indexOf(a) - findings.indexOf(b));
    return first === undefined ? [] : [[first, ...rest]];
  });
}

function keysOf({ rule, subject, primary }: Finding, hunks: readonly Hunk[]): string[] {
  const { path, line, endLine } = primary;
  const hunk = hunks.findIndex(({ start, end }) => start <= line && endLine <= end);
  return [
    JSON.stringify([path, line, endLine]),
    JSON.stringify([path, hunk, rule, nameSubject(subject)]),
  ];
}
