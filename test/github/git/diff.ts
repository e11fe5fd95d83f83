import { EMPTY_TREE } from './trees.ts';
import { runGit } from './process.ts';

export type ChangeStatus = 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';

export interface FileChange {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: ChangeStatus;
  /** Blob after the change; before it for a removed file. */
  readonly id: string;
  readonly additions: number;
  readonly deletions: number;
  /** From the first `@@` to the end, without a last line feed; undefined for a binary file. */
  readonly patch: string | undefined;
}

const STATUSES: Record<string, ChangeStatus> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** What differs between two commits or trees, renames found as GitHub finds them, sorted by path. */
export async function diffTrees(
  directory: string,
  before: string | undefined,
  after: string,
): Promise<FileChange[]> {
  const { stdout } = await runGit(directory, [
    'diff-tree',
    ...['-r', '-M', '-z', '--raw', '--numstat', '--patch', '--full-index'],
    ...['--no-ext-diff', '--no-textconv', before ?? EMPTY_TREE, after],
  ]);
  return parseDiff(stdout);
}

/** The diff as one text, as the diff media type shows it. */
export async function diffText(
  directory: string,
  before: string | undefined,
  after: string,
): Promise<string> {
  const { stdout } = await runGit(directory, [
    'diff-tree',
    ...['-r', '-M', '--patch', '--no-ext-diff', '--no-textconv'],
    ...[before ?? EMPTY_TREE, after],
  ]);
  return stdout.toString('utf8');
}

interface RawChange {
  readonly status: string;
  readonly id: string;
  readonly path: string;
  readonly previousPath: string | undefined;
}

/**
 * Output of `diff-tree -z --raw --numstat -p`: raw records, count records in the same order, an
 * empty one, then the patches, again in the same order.
 */
function parseDiff(bytes: Buffer): FileChange[] {
  let at = 0;
  const take = () => {
    const end = bytes.indexOf(0, at);
    const token = bytes.toString('utf8', at, end);
    at = end + 1;
    return token;
  };
  const raw: RawChange[] = [];
  while (bytes[at] === 0x3a) raw.push(takeRaw(take));
  const counts = raw.map(() => takeCounts(take));
  const patches = splitPatches(bytes.toString('utf8', at + 1));
  let next = 0;
  const changes = raw.map((change, index): FileChange => {
    // A change of type (file to symlink) is shown as a removal and an addition.
    const sections = patches.slice(next, (next += change.status === 'T' ? 2 : 1));
    const patch = sections.map(bodyOfPatch).filter((body) => body !== undefined);
    const [additions = 0, deletions = 0] = counts[index] ?? [];
    return {
      path: change.path,
      previousPath: change.previousPath,
      status: STATUSES[change.status] ?? 'changed',
      id: change.id,
      additions,
      deletions,
      patch: patch.length === 0 ? undefined : patch.join('\n'),
    };
  });
  return changes.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

function takeRaw(take: () => string): RawChange {
  const [, , before = '', after = '', status = ''] = take().split(' ');
  const kind = status.slice(0, 1);
  const first = take();
  const moved = kind === 'R' || kind === 'C';
  return {
    status: kind,
    id: kind === 'D' ? before : after,
    path: moved ? take() : first,
    previousPath: moved ? first : undefined,
  };
}

function takeCounts(take: () => string): [number, number] {
  const [additions = '', deletions = '', path = ''] = take().split('\t');
  if (path === '') {
    take();
    take();
  }
  // A binary file counts `-`.
  return [Number(additions) || 0, Number(deletions) || 0];
}

function splitPatches(text: string): string[] {
  // No line of a patch's content can begin with `diff`: they begin with ` `, `+`, `-` or `\`.
  return text.split(/^(?=diff --git )/m).filter((section) => section !== '');
}

function bodyOfPatch(section: string): string | undefined {
  const start = section.search(/^@@ /m);
  return start === -1 ? undefined : section.slice(start).replace(/\n$/, '');
}
