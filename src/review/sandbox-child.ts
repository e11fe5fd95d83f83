/**
 * The process in which untrusted content is read: no token, no environment, killed when it takes
 * too much time or memory. It stays for the next review of the same repository, so that contents
 * and parsed files are there already.
 */
import process from 'node:process';

import { FluxCache } from '../flux/cache.ts';
import { type Facts, keyOfRequest, NO_FACTS } from '../model/evidence.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { ChangedFile } from '../model/report.ts';
import { rules } from '../rules/index.ts';
import { isReviewed, type Listing } from '../snapshot/snapshot.ts';
import { LoadedTree } from '../snapshot/tree.ts';
import { addFacts } from './facts.ts';

import { planOf } from './plan.ts';
import type { FromSandbox, Side, ToSandbox } from './sandbox-messages.ts';
import { needsDiff, reportWithSuggestions } from './report.ts';
import { reviewBySettings } from './settings.ts';

type Request = Extract<ToSandbox, { type: 'review' }>;

const knownRules = rules.map(({ id }) => id);
const blobs = new Map<string, Uint8Array>();
const absent = new Set<string>();
const trees = new Map<string, FileTree>();
const asked = new Set<string>();
/** A sandbox serves one repository, so that this is never another one's. */
let cache = new FluxCache();
let facts: Facts = NO_FACTS;
let request: Request | undefined;
/** Ends the review that waits for the pull request's diff. */
let finish: ((diff: readonly ChangedFile[]) => void) | undefined;

process.on('message', (message: ToSandbox) => {
  handle(message).catch((error: unknown) => {
    answer({
      type: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
    });
  });
});
process.on('disconnect', () => process.exit(0));

async function handle(message: ToSandbox): Promise<void> {
  switch (message.type) {
    case 'review':
      begin(message);
      break;
    case 'blobs':
      take(message.blobs);
      break;
    case 'files':
      finish?.(message.files);
      return;
    case 'material':
      facts = await addFacts(facts, message.materials, request?.now ?? 0);
      break;
  }
  goOn();
}

function answer(message: FromSandbox): void {
  process.send?.(message);
}

function begin(message: Request): void {
  request = message;
  if (absent.size > 0) {
    // What did not come may come this time: nothing counts that was worked out without it.
    cache = new FluxCache();
    trees.clear();
  }
  absent.clear();
  asked.clear();
  facts = NO_FACTS;
  finish = undefined;
  const listings: Listing[] = Object.values(message.sides);
  const kept = new Set(listings.flatMap(({ entries }) => entries.map(({ id }) => id)));
  for (const id of blobs.keys()) if (!kept.has(id)) blobs.delete(id);
  const earlier = new Map(trees);
  trees.clear();
  for (const listing of listings) {
    const key = keyOf(listing);
    trees.set(key, earlier.get(key) ?? toTree(listing));
  }
}

/** Commits that hold the same are told apart by name. */
function keyOf({ commit, tree }: Listing): string {
  return `${commit} ${tree}`;
}

function toTree({ commit, entries, incomplete }: Listing): FileTree {
  return new LoadedTree(commit, entries, blobs, incomplete, absent);
}

function take(arrived: readonly (readonly [string, Uint8Array | null])[]): void {
  for (const [id, bytes] of arrived) {
    if (bytes === null) absent.add(id);
    else blobs.set(id, bytes);
  }
}

function treeOf(side: Side): FileTree | undefined {
  const listing = request?.sides[side];
  return listing && trees.get(keyOf(listing));
}

/** Asks for what is missing, one side at a time, or reviews. */
function goOn(): void {
  const [before, after, head] = [treeOf('before'), treeOf('after'), treeOf('head')];
  if (request === undefined || after === undefined || head === undefined) return;
  for (const [side, tree] of [
    ['after', after],
    ['before', before],
  ] as const) {
    if (
      tree &&
      want(
        side,
        tree,
        tree
          .list()
          .map(({ path }) => path)
          .filter(isReviewed),
      )
    )
      return;
  }
  const { config: files, notes, now, isFirst } = request;
  const reviewed = { ...(before && { before }), after, head };
  const options = { files, rules, notes, facts, asked, now, cache, isFirst };
  const result = reviewBySettings(reviewed, options);
  if (!('wanted' in result)) {
    const planned =
      request.plan && planOf(after, before ?? after, request.plan, files, knownRules, cache);
    finish = (diff) => {
      const report = reportWithSuggestions(result, reviewed, options, diff, () =>
        performance.now(),
      );
      answer({ type: 'done', review: result, report, ...(planned && { plan: planned }) });
    };
    if (needsDiff(result, reviewed)) answer({ type: 'want-files' });
    else finish([]);
    return;
  }
  const { wanted } = result;
  if (wanted.evidence.length > 0) {
    for (const item of wanted.evidence) asked.add(keyOfRequest(item));
    answer({ type: 'gather', requests: wanted.evidence });
    return;
  }
  const isAsked =
    want('after', after, wanted.after) ||
    (before !== undefined && want('before', before, wanted.before)) ||
    want('head', head, wanted.head);
  if (!isAsked) throw new Error('The review wants files that are here.');
}

/** Asks for those of the paths that are not here. @returns whether any were missing */
function want(side: Side, tree: FileTree, paths: readonly string[]): boolean {
  const ids = new Set<string>();
  for (const path of paths) {
    const entry = tree.entry(path);
    if (entry?.kind === 'file' && tree.read(path).state === 'not-loaded') ids.add(entry.id);
  }
  if (ids.size === 0) return false;
  answer({ type: 'want', side, ids: [...ids] });
  return true;
}
