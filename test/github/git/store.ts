import { mkdirSync, readdirSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import {
  type Commit,
  type CommitFields,
  parseCommit,
  parseTag,
  serializeCommit,
} from './commit-object.ts';
import { type ObjectStore, openObjects } from './objects.ts';
import { gitText, runGit } from './process.ts';

/** A real bare repository, its refs also in memory. */
export interface GitStore {
  readonly directory: string;
  readonly objects: ObjectStore;
  /** Full ref name to object id. Change it with {@link setRef} only. */
  readonly refs: Map<string, string>;
  /** Answers that follow from object ids alone, kept since they never change. */
  readonly memory: Map<string, Promise<unknown>>;
}

/**
 * Makes a bare repository.
 *
 * @param network a fork's parent: both then share one object folder, so that a commit pushed to the
 *   fork can be read in the parent, as on GitHub
 */
export async function createStore(
  directory: string,
  defaultBranch: string,
  network?: GitStore,
): Promise<GitStore> {
  mkdirSync(directory, { recursive: true });
  await runGit(directory, [
    ...['init', '--quiet', '--bare', '--template=', '-b', defaultBranch, directory],
  ]);
  // Pull request refs belong to GitHub; a push to them is refused. Objects are never thrown away,
  // since an old head must stay readable.
  writeFileSync(
    join(directory, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n' +
      '[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n\thideRefs = refs/pull\n' +
      '[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowFilter = true\n' +
      '[http]\n\treceivepack = true\n',
  );
  if (network !== undefined) {
    rmSync(join(directory, 'objects'), { recursive: true });
    symlinkSync(join(network.objects.directory, 'objects'), join(directory, 'objects'));
  }
  return {
    directory,
    objects: network?.objects ?? openObjects(directory),
    refs: new Map(),
    memory: new Map(),
  };
}

/** Reads the refs again, after a git process has changed them. Answers what changed. */
export async function reloadRefs(store: GitStore): Promise<RefChange[]> {
  const text = await gitText(store.directory, [
    ...['for-each-ref', '--format=%(objectname) %(refname)'],
  ]);
  const now = new Map<string, string>();
  for (const line of text.split('\n').filter((line) => line !== '')) {
    now.set(line.slice(41), line.slice(0, 40));
  }
  const names = [...new Set([...store.refs.keys(), ...now.keys()])].sort();
  const changes = names.flatMap((ref): RefChange[] => {
    const before = store.refs.get(ref);
    const after = now.get(ref);
    return before === after ? [] : [{ ref, before, after }];
  });
  store.refs.clear();
  for (const [ref, id] of now) store.refs.set(ref, id);
  return changes;
}

/** A ref that was made (`before` undefined), moved, or removed (`after` undefined). */
export interface RefChange {
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Sets or removes a ref.
 *
 * @returns false when another ref is in the way (`a` and `a/b` cannot both exist)
 */
export function setRef(store: GitStore, ref: string, id: string | undefined): boolean {
  const file = join(store.directory, ref);
  if (id === undefined) {
    store.refs.delete(ref);
    rmSync(file, { force: true });
    removeEmptyFolders(dirname(file), join(store.directory, 'refs'));
    return true;
  }
  const others = [...store.refs.keys()];
  if (others.some((other) => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`))) {
    return false;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${id}\n`);
  store.refs.set(ref, id);
  return true;
}

/** An empty folder `a` would stand in the way of a later ref `a`. */
function removeEmptyFolders(folder: string, root: string): void {
  if (dirname(folder) === root || readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  removeEmptyFolders(dirname(folder), root);
}

/** Whether git allows a ref of that name (the rules of `git check-ref-format`). */
export function isRefName(ref: string): boolean {
  if (!ref.startsWith('refs/') || ref.split('/').length < 3) return false;
  // eslint-disable-next-line no-control-regex -- control characters are what git forbids
  if (/[\u0000-\u0020~^:?*[\\\u007f]|\.\.|@\{|\/\/|\.$|\/$/.test(ref)) return false;
  return ref
    .split('/')
    .every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** Undefined when there is no such commit. */
export async function readCommit(store: GitStore, id: string): Promise<Commit | undefined> {
  const object = await store.objects.read(id);
  return object?.type === 'commit' ? parseCommit(id, object.bytes) : undefined;
}

export function writeCommit(store: GitStore, fields: CommitFields): string {
  return store.objects.write('commit', serializeCommit(fields));
}

/**
 * The commit that people mean: a branch, a tag (peeled), a full ref, `HEAD`, or an object id of at
 * least seven digits.
 */
export async function resolveCommit(
  store: GitStore,
  revision: string,
  defaultBranch: string,
): Promise<string | undefined> {
  const name = revision === 'HEAD' || revision === '' ? defaultBranch : revision;
  const id =
    store.refs.get(`refs/heads/${name}`) ??
    store.refs.get(`refs/tags/${name}`) ??
    store.refs.get(`refs/${name}`) ??
    store.refs.get(name) ??
    (await resolveId(store, name));
  return id === undefined ? undefined : peel(store, id);
}

async function resolveId(store: GitStore, id: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(id)) return id;
  if (!/^[0-9a-f]{7,39}$/.test(id)) return undefined;
  const { code, stdout } = await runGit(
    store.directory,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${id}^{commit}`],
    { expected: [0, 1, 128] },
  );
  return code === 0 ? stdout.toString('latin1').trim() : undefined;
}

async function peel(store: GitStore, id: string): Promise<string | undefined> {
  const object = await store.objects.read(id);
  if (object?.type === 'commit') return id;
  return object?.type === 'tag' ? peel(store, parseTag(id, object.bytes).object) : undefined;
}

const REMEMBERED = 256;

/** Works something out once for a key that names its inputs by object id. */
export function remember<T>(store: GitStore, key: string, work: () => Promise<T>): Promise<T> {
  const known = store.memory.get(key) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const answer = work();
  store.memory.set(key, answer);
  const oldest = store.memory.keys().next().value;
  if (store.memory.size > REMEMBERED && oldest !== undefined) store.memory.delete(oldest);
  return answer;
}
