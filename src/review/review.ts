import type { Config } from '../config/schema.ts';
import { FluxCache } from '../flux/cache.ts';
import { keyFilesOf, usualKeyFilesOf } from '../flux/key-files.ts';
import { resolveRepository } from '../flux/repository.ts';
import { unreadEntries } from '../flux/unread.ts';
import { type EvidenceRequest, type Facts, keyOfRequest, NO_FACTS } from '../model/evidence.ts';
import type { FileTree } from '../model/file-tree.ts';
import { follow } from '../model/tree-changes.ts';
import type { Review } from '../model/review.ts';
import type { WrittenWaiver } from '../model/waiver.ts';
import { CONTROL_REQUESTS, controlsOf, controlsSection } from '../rules/controls.ts';
import { sectionsOf } from '../rules/sections.ts';
import type { Repository, RepositoryChange, Rule, RuleContext } from '../rules/rule.ts';
import { activeRules } from './active-rules.ts';
import { configurationsNotLoaded, settingsIn } from './cluster-settings.ts';
import { compare, compareUnknowns } from './compare.ts';
import { evaluate } from './evaluate.ts';
import { unknownsOfListing } from './incomplete.ts';
import { filesToCompare, toHeadLines } from './lines.ts';
import { unreadWaivers } from '../rules/waiver-comments.ts';
import { sortInlineWaivers, unreadWaiversSection } from './inline-waivers.ts';
import { lapsesOf } from './lapsed.ts';
import { lostFrom, resumedBy } from './lost-units.ts';
import { toVerdicts } from './verdict.ts';
import { reachOf } from './reach.ts';
import { createWaivers } from './waivers.ts';

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
  /** The one in force, which is never the change's own. */
  readonly config: Config;
  /** Those of the configuration, with their places. */
  readonly waivers?: readonly WrittenWaiver[];
  /** Those that the change adds to the configuration: told, and counted for nothing. */
  readonly coming?: readonly WrittenWaiver[];
  readonly rules: readonly Rule[];
  /** What earlier reviews of this repository worked out; never that of another one. */
  readonly cache?: FluxCache;
  /** How the sides were chosen, where it is not as expected. */
  readonly notes?: readonly string[];
  /** What has been gathered so far; see {@link Wanted}. */
  readonly facts?: Facts;
  /** {@link keyOfRequest} of what has been asked for already. */
  readonly asked?: ReadonlySet<string>;
  /** When the review takes place, milliseconds since 1970. */
  readonly now: number;
  /** Nothing was reviewed here before: what protects the repository is told once. */
  readonly isFirst?: boolean;
}

/** Contents and facts that must be there before the review can go on. */
export interface Wanted {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly head: readonly string[];
  readonly evidence: readonly EvidenceRequest[];
}

const NOTHING_WANTED: Wanted = { before: [], after: [], head: [], evidence: [] };

/**
 * The whole judgement about one change, pure and synchronous. Where contents are missing it says
 * which; the caller loads them and asks again.
 */
export function review(trees: ReviewedTrees, options: ReviewOptions): Review | { wanted: Wanted } {
  const cache = options.cache ?? new FluxCache();
  const config = cache.same(options.config);
  const { active: rules, softened } = activeRules(options.rules, config);
  // Trust comes from the base: a change must not exempt itself by a file that settings name.
  const settings = settingsIn(trees.before ?? trees.after, config);
  const resolve = (tree: FileTree) => resolveRepository(tree, { settings, cache });
  if (trees.before) {
    cache.see(trees.before);
    follow(trees.after, trees.before);
  }
  // First what was there, since the other side is worked out as a change of it.
  const before = trees.before && resolve(trees.before);
  const after = resolve(trees.after);
  if (after.notLoaded.length > 0 || (before?.notLoaded.length ?? 0) > 0) {
    return {
      wanted: { ...NOTHING_WANTED, before: before?.notLoaded ?? [], after: after.notLoaded },
    };
  }
  const keys = (tree: FileTree) => [
    ...notLoadedOf(tree, config.commitSignatures.keys),
    ...configurationsNotLoaded(tree, config),
  ];
  const absentKeys = { before: trees.before ? keys(trees.before) : [], after: keys(trees.after) };
  if (absentKeys.before.length > 0 || absentKeys.after.length > 0) {
    return { wanted: { ...NOTHING_WANTED, ...absentKeys } };
  }
  const context: RuleContext = {
    facts: options.facts ?? NO_FACTS,
    settings: config,
    now: options.now,
  };
  const now: Repository = { tree: trees.after, ...after };
  const earlier: Repository | undefined = trees.before &&
    before && { tree: trees.before, ...before };
  const change: RepositoryChange = { ...(earlier && { before: earlier }), after: now };
  const evidence = [
    ...requestsOf(rules, change, context),
    ...(options.isFirst ? CONTROL_REQUESTS : []),
  ];
  const unasked = uniqueRequests(evidence).filter(
    (request) => !options.asked?.has(keyOfRequest(request)),
  );
  if (unasked.length > 0) return { wanted: { ...NOTHING_WANTED, evidence: unasked } };
  const judgedBefore = earlier && evaluate(earlier, rules, context, undefined, softened);
  const judgedAfter = evaluate(now, rules, context, earlier, softened);
  const inline = sortInlineWaivers(trees.before, trees.after);
  const waivers = createWaivers(
    [...(options.waivers ?? []), ...inline.trusted],
    [...(options.coming ?? []), ...inline.coming],
    options.now,
  );
  const clusters = [...(before?.clusters ?? []), ...after.clusters];
  const lost = new Map(
    before?.clusters.map((cluster) => {
      const next = after.clusters.find(({ name }) => name === cluster.name);
      return [cluster.name, lostFrom(cluster, next, after.files)];
    }),
  );
  const resumed = new Map(
    after.clusters.map((cluster) => {
      const earlier = before?.clusters.find(({ name }) => name === cluster.name);
      return [cluster.name, resumedBy(earlier, cluster)];
    }),
  );
  const findings = compare(
    judgedBefore,
    judgedAfter,
    clusters,
    waivers.find,
    lost,
    resumed,
    lapsesOf(rules, softened),
  );
  const paths = filesToCompare(findings, trees.after, trees.head);
  const absent = {
    after: paths.filter((path) => trees.after.read(path).state === 'not-loaded'),
    head: paths.filter((path) => trees.head.read(path).state === 'not-loaded'),
  };
  if (absent.after.length > 0 || absent.head.length > 0) {
    return { wanted: { ...NOTHING_WANTED, ...absent } };
  }
  const unread = unreadEntries(now, trees.before);
  const placed = toHeadLines(findings, trees.after, trees.head);
  const unknowns = [
    ...unknownsOfListing(trees.before, trees.after),
    ...compareUnknowns(judgedBefore, judgedAfter),
  ];
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
    verdicts: toVerdicts(placed, unknowns, options.rules, config),
    findings: placed,
    unknowns,
    sections: [
      ...(options.isFirst ? [controlsSection(controlsOf(earlier ?? now, context))] : []),
      ...sectionsOf(rules, change, context),
      ...unreadWaiversSection(unreadWaivers(trees.after)),
    ],
    waivers: waivers.results(),
    ...(unread.length > 0 && { unread }),
    ...(before && { reach: reachOf(before.clusters, after.clusters) }),
  };
}

/** Key files that are not here yet. */
function notLoadedOf(tree: FileTree, globs: readonly string[]): string[] {
  return [...keyFilesOf(tree, globs), ...usualKeyFilesOf(tree)].filter(
    (path) => tree.read(path).state === 'not-loaded',
  );
}

/** What the rules want to know of the world. */
function requestsOf(
  rules: readonly Rule[],
  change: RepositoryChange,
  context: RuleContext,
): EvidenceRequest[] {
  return rules.flatMap((rule) => rule.needs?.(change, context) ?? []);
}

function uniqueRequests(requests: readonly EvidenceRequest[]): EvidenceRequest[] {
  return [...new Map(requests.map((request) => [keyOfRequest(request), request])).values()];
}
