import type { Config } from '../config/schema.ts';
import { resolveRepository } from '../flux/repository.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Review } from '../model/review.ts';
import type { Rule } from '../rules/rule.ts';
import { compare, compareUnknowns } from './compare.ts';
import { evaluate, type JudgedRepository } from './evaluate.ts';
import { filesToCompare, toHeadLines } from './lines.ts';
import { toVerdicts } from './verdict.ts';

/** The two sides of a change, as far as they are loaded. */
export interface ReviewedTrees {
  /** What is deployed now; absent for a scan. */
  readonly before?: FileTree;
  /** What the merge deploys. */
  readonly after: FileTree;
  /** The author's files, whose lines people see. The same tree as `after` where there is no merge. */
  readonly head: FileTree;
}

export interface ReviewOptions {
  readonly config: Config;
  readonly rules: readonly Rule[];
  /** How the sides were chosen, where it is not as expected. */
  readonly notes?: readonly string[];
}

/** Contents that must be loaded before the review can go on. */
export interface Wanted {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly head: readonly string[];
}

/**
 * The whole judgement about one change, pure and synchronous. Where contents are missing it says
 * which; the caller loads them and asks again.
 */
export function review(trees: ReviewedTrees, options: ReviewOptions): Review | { wanted: Wanted } {
  const { config, rules } = options;
  const after = resolveRepository(trees.after);
  const before = trees.before && resolveRepository(trees.before);
  if (after.notLoaded.length > 0 || (before?.notLoaded.length ?? 0) > 0) {
    return { wanted: { before: before?.notLoaded ?? [], after: after.notLoaded, head: [] } };
  }
  const judgedAfter = evaluate({ tree: trees.after, ...after }, rules);
  const judgedBefore: JudgedRepository | undefined =
    trees.before && before && evaluate({ tree: trees.before, ...before }, rules);
  const findings = compare(judgedBefore, judgedAfter, [
    ...(before?.clusters ?? []),
    ...after.clusters,
  ]);
  const paths = filesToCompare(findings, trees.after, trees.head);
  const absent = {
    after: paths.filter((path) => trees.after.read(path).state === 'not-loaded'),
    head: paths.filter((path) => trees.head.read(path).state === 'not-loaded'),
  };
  if (absent.after.length > 0 || absent.head.length > 0) {
    return { wanted: { before: [], ...absent } };
  }
  const placed = toHeadLines(findings, trees.after, trees.head);
  const unknowns = compareUnknowns(judgedBefore, judgedAfter);
  return {
    version: 1,
    ...(trees.before && { before: { commit: trees.before.commit } }),
    after: { commit: trees.after.commit },
    notes: options.notes ?? [],
    clusters: after.clusters.map(({ name, settings, assumptions }) => ({
      name,
      ...(settings.environment && { environment: settings.environment }),
      assumptions,
    })),
    verdicts: toVerdicts(placed, unknowns, rules, config),
    findings: placed,
    unknowns,
  };
}
