import type { CommitMaterial, Known, RawCommit, RepositoryIdentity } from '../model/evidence.ts';
import { parseRepositoryUrl } from '../model/repository-url.ts';
import { listBetween, listHeads } from '../snapshot/git-history.ts';
import { borrowObjects, type GitObjects, readObjects } from '../snapshot/git-objects.ts';
import { runGit } from '../snapshot/git-process.ts';
import { originOf, pushBranchOf } from './git-origin.ts';
import { BASE_HEADS, type EvidenceSource, MOST_COMMITS } from './evidence.ts';

export interface LocalChange {
  /** The repository's directory. */
  readonly repository: string;
  /** Ids of commits. */
  readonly base: string;
  readonly head: string;
  /** As the base was named: tells the branch that the change goes to, where it names one. */
  readonly baseName: string;
  /** As the head was named. */
  readonly headName?: string;
}

/** Facts from a local clone: its commits and where it came from. It asks nobody. */
export function gitEvidence(change: LocalChange): EvidenceSource {
  return {
    identity: () => identityOf(change),
    merging: () =>
      unknown(
        'A clone does not tell which merge methods GitHub allows: review the pull request with --pr.',
      ),
    commits: () => commitsOf(change),
    image: () => unknown('This command asks no registry.'),
    tags: () => unknown('This command asks no registry.'),
    origin: async () =>
      originOf(change, await branchOf(change.repository, change.headName ?? 'HEAD')),
    pushBranch: ({ branch }) => pushBranchOf(change, branch),
  };
}

function unknown(reason: string): Promise<{ state: 'unknown'; reason: string }> {
  return Promise.resolve({ state: 'unknown', reason });
}

/** Others merge into `upstream` where a clone has one. */
const REMOTES = ['upstream', 'origin'];

async function identityOf({
  repository,
  baseName,
}: LocalChange): Promise<Known<RepositoryIdentity>> {
  const branch = await branchOf(repository, baseName);
  for (const remote of REMOTES) {
    const { output, exitCode } = await runGit({
      directory: repository,
      arguments: ['config', '--get', `remote.${remote}.url`],
      accept: [1],
    });
    const address = exitCode === 0 ? parseRepositoryUrl(output.toString().trim()) : undefined;
    if (address === undefined || branch === undefined) continue;
    const { host, path } = address;
    return { state: 'known', value: { host, repository: path, branch } };
  }
  return unknown('The clone has no remote that tells which repository and branch this is.');
}

/** `main` of `main`, `origin/main` and `refs/remotes/origin/HEAD`; undefined for a mere commit. */
async function branchOf(repository: string, name: string): Promise<string | undefined> {
  const { output, exitCode } = await runGit({
    directory: repository,
    arguments: ['rev-parse', '--abbrev-ref', name.startsWith('-') ? 'HEAD' : name],
    accept: [1, 128],
  });
  if (exitCode !== 0) return undefined;
  const [short = ''] = output.toString().trim().split('\n').slice(-1);
  const branch = short.replace(/^(?:origin|upstream)\//, '');
  return /^(?:HEAD|-.*|[0-9a-f]{40}|.*[~^].*)?$/.test(branch) ? undefined : branch;
}

async function commitsOf({ repository, base, head }: LocalChange): Promise<Known<CommitMaterial>> {
  const objects = await borrowObjects(repository);
  try {
    const listed = await listBetween(objects, { from: base, to: head, maximum: MOST_COMMITS + 1 });
    const heads = await listHeads(objects, { from: base, maximum: BASE_HEADS });
    const value: CommitMaterial = {
      change: (await read(objects, listed.slice(0, MOST_COMMITS))).reverse(),
      ...(listed.length > MOST_COMMITS && { cut: `only the newest ${MOST_COMMITS} were read` }),
      baseHeads: await read(objects, heads),
    };
    return { state: 'known', value };
  } finally {
    await objects.close();
  }
}

async function read(objects: GitObjects, ids: readonly string[]): Promise<RawCommit[]> {
  if (ids.length === 0) return [];
  const found = await readObjects(objects, ids);
  return ids.map((id) => {
    const bytes = found.get(id)?.bytes;
    return { id, ...(bytes && { object: bytes }) };
  });
}
