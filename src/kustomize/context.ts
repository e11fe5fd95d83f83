import type { FileContent, FileTree, TreeEntry } from '../model/file-tree.ts';
import type { Located } from '../model/located.ts';
import { type Site, toPlace } from '../model/source.ts';
import type { BuildCache } from './cache.ts';
import type { BuildProblem, BuildProblemCode, IncompleteCause, IncompletePart } from './problem.ts';
import { builtInSchemas, type Schemas } from './schema/schema.ts';

/** Something of the tree that a result depends on. */
export interface Input {
  readonly path: string;
  /** What was found: a blob id for a file; empty for what is not there. */
  readonly state: string;
  stateIn(tree: FileTree): string;
}

/** What is noted while a part of a build is made. */
export interface Frame {
  readonly problems: BuildProblem[];
  readonly incomplete: Set<IncompletePart>;
  /** Paths whose content has to be loaded before the result counts. */
  readonly notLoaded: Set<string>;
  readonly inputs: Map<string, Input>;
  /** Patches for objects that may be in a part that cannot be had. */
  readonly unmatched: Set<Located>;
  /** Frames of parts whose results went into this one. */
  readonly children: Frame[];
  /** Steps that the part took, with those of parts that were remembered. */
  work: number;
}

export interface BuildContext {
  readonly tree: FileTree;
  readonly cache: BuildCache;
  /** The frame of the part that is being made. */
  frame: Frame;
  /** Changes when a kustomization brings its own schema, for everything after it. */
  schemas: Schemas;
  /** Directories that were entered for the part that is being made. */
  visited: Set<string>;
  /** Directories that were built so far: bounds what one overlay can ask for. */
  directories: number;
  /** Steps that were taken so far, as if nothing had been remembered. */
  work: number;
  /** Problems that were found so far, in all parts. */
  failures: number;
  /** Whether nothing more is to be done: a limit is exceeded, or enough is told. */
  isStopped: boolean;
}

export function newContext(tree: FileTree, cache: BuildCache): BuildContext {
  return {
    ...{ tree, cache, frame: newFrame(), schemas: builtInSchemas() },
    ...{ visited: new Set(), directories: 0, work: 0, failures: 0, isStopped: false },
  };
}

/** More would help nobody. */
const MAX_PROBLEMS = 50;

export function newFrame(): Frame {
  return {
    problems: [],
    incomplete: new Set(),
    notLoaded: new Set(),
    unmatched: new Set(),
    inputs: new Map(),
    children: [],
    work: 0,
  };
}

/** Longer names are cut in their middle, lest they hide what a sentence says of them. */
const LONG_NAME = /\S{241,}/g;

function cutNames(sentence: string): string {
  return sentence.replace(LONG_NAME, (name) => {
    const [head, tail] = [name.slice(0, 120), name.slice(-100)];
    return `${head.replace(/[\uD800-\uDBFF]$/, '')}…${tail.replace(/^[\uDC00-\uDFFF]/, '')}`;
  });
}

/** Notes why the build fails, at the place that causes it. */
export function fail(
  context: BuildContext,
  code: BuildProblemCode,
  message: string,
  site: Site,
): void {
  const { problems } = context.frame;
  context.failures += 1;
  if (code === 'limit' || context.failures >= MAX_PROBLEMS) context.isStopped = true;
  if (problems.length >= MAX_PROBLEMS) return;
  problems.push({ code, message: cutNames(message), place: toPlace(site) });
}

/**
 * Steps of one build: looks at an object, or at a part of it that changes. The largest overlay that
 * we know of, the example of Kubeflow with 645 objects, takes 115,000.
 */
const MAX_WORK = 2_000_000;

/**
 * Counts work before or behind a step: overlays of a few hundred kilobytes can ask for hours.
 *
 * @returns false when it is too much, which is reported at the site
 */
export function charge(context: BuildContext, steps: number, site: Site): boolean {
  context.work += steps;
  context.frame.work += steps;
  if (context.isStopped) return false;
  if (context.work <= MAX_WORK) return true;
  fail(context, 'limit', 'This build takes more work than any overlay may ask for.', site);
  return false;
}

/**
 * Notes something that the build needs and cannot have.
 *
 * @param follows whether only because of another such thing
 */
export function markIncomplete(
  context: BuildContext,
  cause: IncompleteCause,
  reason: string,
  site: Site,
  follows = false,
): void {
  const part = { cause, reason: cutNames(reason), place: toPlace(site) };
  context.frame.incomplete.add(follows ? { ...part, follows } : part);
}

/** Notes a patch that no object here is for, where something is that cannot be had. */
export function noteUnmatched({ frame }: BuildContext, patch: Located): void {
  if (frame.incomplete.size > 0) frame.unmatched.add(patch);
}

/** Whether nothing so far keeps the build from being right. */
export function isSound({ frame }: BuildContext): boolean {
  return frame.problems.length === 0 && frame.notLoaded.size === 0;
}

/** The content of a file. Symbolic links are not in Flux's artifacts: they are missing. */
export function readFile(context: BuildContext, path: string): FileContent {
  note(context, `file ${path}`, path, fileState);
  if (context.tree.entry(path)?.kind === 'symlink') return { state: 'missing' };
  const content = context.tree.read(path);
  if (content.state === 'not-loaded') context.frame.notLoaded.add(path);
  return content;
}

/** The entry of a path, which may be there in one tree and not in the next. */
export function entryOf(context: BuildContext, path: string): TreeEntry | undefined {
  note(context, `file ${path}`, path, fileState);
  return context.tree.entry(path);
}

/** Why parts of the tree are not listed. */
export function incompleteOf(context: BuildContext): string | undefined {
  note(context, 'incomplete', '', incompleteState);
  return context.tree.incomplete;
}

export function isDirectory(context: BuildContext, path: string): boolean {
  note(context, `directory ${path}`, path, directoryState);
  return context.tree.isDirectory(path);
}

/** Names in a directory, sorted. */
export function listDirectory(context: BuildContext, path: string): readonly string[] {
  note(context, `listing ${path}`, path, listingState);
  return context.tree.children(path);
}

function note(
  context: BuildContext,
  key: string,
  path: string,
  stateOf: (tree: FileTree, path: string) => string,
): void {
  const { inputs } = context.frame;
  if (inputs.has(key)) return;
  const state = stateOf(context.tree, path);
  inputs.set(key, { path, state, stateIn: (tree) => stateOf(tree, path) });
}

function fileState(tree: FileTree, path: string): string {
  const entry = tree.entry(path);
  return entry === undefined ? '' : `${entry.kind} ${entry.id}`;
}

function directoryState(tree: FileTree, path: string): string {
  return tree.isDirectory(path) ? 'directory' : '';
}

function incompleteState({ incomplete = '' }: FileTree): string {
  return incomplete;
}

function listingState(tree: FileTree, path: string): string {
  return JSON.stringify(tree.children(path));
}

/**
 * A part of the build, taken from the cache where the tree holds the same content as when it was
 * made. What was noted then is noted again.
 *
 * @param key everything the part depends on beside the tree and its content
 */
export function remember<T>(context: BuildContext, key: string, make: () => T): T {
  return rememberIf(context, key, () => true, make);
}

/**
 * A part of the build that does not fit everywhere, taken from the cache where it fits.
 *
 * @param fits whether a remembered value may be used here
 */
export function rememberIf<T>(
  context: BuildContext,
  key: string,
  fits: (value: T) => boolean,
  make: () => T,
): T {
  const memo = context.cache.find(key, context.tree);
  if (memo && fits(memo.value as T)) {
    context.work += memo.frame.work;
    absorb(context.frame, memo.frame);
    return memo.value as T;
  }
  const outer = context.frame;
  const frame = newFrame();
  context.frame = frame;
  const value = make();
  context.frame = outer;
  absorb(outer, frame);
  const isWhole = isFinal(frame) && !context.isStopped;
  if (memo === undefined && isWhole) {
    context.cache.add(key, { value, frame }, context.tree);
  }
  return value;
}

/** Whether a part would come out the same from wherever it is asked for, as long as it is not. */
export function isFinal({ notLoaded, incomplete, problems }: Frame): boolean {
  return (
    notLoaded.size === 0 &&
    ![...incomplete].some(({ cause }) => cause === 'unreadable') &&
    !problems.some(({ code }) => code === 'cycle' || code === 'limit')
  );
}

function absorb(outer: Frame, inner: Frame): void {
  outer.problems.push(...inner.problems.slice(0, MAX_PROBLEMS - outer.problems.length));
  for (const part of inner.incomplete) outer.incomplete.add(part);
  for (const path of inner.notLoaded) outer.notLoaded.add(path);
  for (const patch of inner.unmatched) outer.unmatched.add(patch);
  outer.children.push(inner);
  outer.work += inner.work;
}
