import { noEvidence } from '../../src/evidence/evidence.ts';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createSandbox, type Sandbox, type SandboxRequest } from '../../src/review/sandbox.ts';
import { blobId } from '../../src/snapshot/memory.ts';
import { type Listing, type Snapshot, SnapshotTree } from '../../src/snapshot/snapshot.ts';
import { sandboxProgram } from '../end-to-end/sandbox-program.ts';

let sandbox: Sandbox | undefined;
let entry: string;

beforeAll(async () => {
  entry = await sandboxProgram();
});

afterEach(() => {
  sandbox?.close();
});

/** A repository that counts what is fetched from it. */
function repository(files: Record<string, string>): { tree: SnapshotTree; fetched: string[] } {
  const fetched: string[] = [];
  const contents = new Map(
    Object.values(files).map((text) => [blobId(Buffer.from(text)), Buffer.from(text)]),
  );
  const entries = Object.entries(files).map(([path, text]) => ({
    path,
    id: blobId(Buffer.from(text)),
    kind: 'file' as const,
  }));
  const listing: Listing = { commit: 'c', tree: JSON.stringify(files), entries };
  const snapshot: Snapshot = {
    list: () => Promise.resolve(listing),
    load(ids) {
      fetched.push(...ids);
      return Promise.resolve(new Map(ids.flatMap((id) => toPair(id, contents.get(id)))));
    },
  };
  return { tree: new SnapshotTree(snapshot, listing), fetched };
}

function toPair(id: string, bytes: Buffer | undefined): [string, Buffer][] {
  return bytes ? [[id, bytes]] : [];
}

function request(files: Record<string, string>, repositoryName = 'acme/fleet') {
  const { tree, fetched } = repository(files);
  const whole: SandboxRequest = {
    repository: repositoryName,
    sides: { after: tree, head: tree },
    notes: [],
    files: () => Promise.resolve([]),
    evidence: NO_EVIDENCE,
    now: 0,
  };
  return { whole, fetched };
}

const NO_EVIDENCE = noEvidence('nobody is asked');
const BROKEN = { 'a.yaml': 'a: 1\n', 'b.yaml': 'a:\n\tb: 1\n' };

describe('the sandbox', () => {
  it('reviews by the program of this project, asking for what it reads and nothing else', async () => {
    sandbox = createSandbox();
    const { whole, fetched } = request({ ...BROKEN, 'README.md': 'no' });
    const { review, report } = await sandbox.review(whole);
    expect(review.findings.map(({ primary }) => `${primary.path}:${primary.line}`)).toEqual([
      'b.yaml:2',
    ]);
    expect(report.checks).toHaveLength(4);
    expect(fetched).toHaveLength(2);
  });

  it('keeps contents for the next review of the same repository only', async () => {
    sandbox = createSandbox({ entry });
    await sandbox.review(request(BROKEN).whole);
    const again = request({ ...BROKEN, 'c.yaml': 'c: 1\n' });
    await sandbox.review(again.whole);
    expect(again.fetched).toHaveLength(1);
    const other = request(BROKEN, 'other/fleet');
    await sandbox.review(other.whole);
    expect(other.fetched).toHaveLength(2);
  });

  it('says that contents did not come instead of asking for ever', async () => {
    const warm = createSandbox({ entry });
    sandbox = warm;
    const { tree } = repository({});
    const listing: Listing = {
      commit: 'c',
      tree: 't',
      entries: [{ path: 'a.yaml', id: 'gone', kind: 'file' }],
    };
    const contents = new Map<string, Uint8Array>();
    const snapshot = {
      list: () => Promise.resolve(listing),
      load: () => Promise.resolve(contents),
    };
    const reviewAgain = async () => {
      const side = new SnapshotTree(snapshot, listing);
      const { review } = await warm.review({
        repository: 'r',
        sides: { after: side, head: side },
        notes: [],
        files: () => Promise.resolve([]),
        evidence: NO_EVIDENCE,
        now: 0,
      });
      const { findings, unknowns } = review;
      return [...findings.map(({ rule }) => rule), ...unknowns.map(({ reason }) => reason)];
    };
    const lost = ['a.yaml is not reviewed: its content could not be fetched.'];
    expect(await reviewAgain()).toEqual(lost);
    expect(await reviewAgain()).toEqual(lost);
    // It comes at last: the process that went without it takes it.
    contents.set('gone', new TextEncoder().encode('a: [\n'));
    expect(await reviewAgain()).toEqual(['gitops/invalid-manifest']);
    expect(tree).toBeDefined();
  });

  it('ends a review that takes too long, and reviews again', async () => {
    sandbox = createSandbox({ entry, limits: { milliseconds: 1, megabytes: 1024 } });
    await expect(sandbox.review(request(BROKEN).whole)).rejects.toMatchObject({
      name: 'Permanent',
      code: 'limit',
      message: 'Reviewing this content takes longer than the 0.001 seconds that a review may take.',
    });
    sandbox = createSandbox({ entry });
    await expect(sandbox.review(request(BROKEN).whole)).resolves.toBeDefined();
  });

  it('ends a review that takes too much memory', async () => {
    sandbox = createSandbox({ entry, limits: { milliseconds: 60_000, megabytes: 200 } });
    const large = Object.fromEntries(
      Array.from({ length: 12 }, (_, file) => [
        `${file}.yaml`,
        `- [${`${file},`.repeat(2_000_000)}1]\n`,
      ]),
    );
    await expect(sandbox.review(request(large).whole)).rejects.toMatchObject({
      name: 'Permanent',
      code: 'limit',
    });
  });

  it('stops when it is told to', async () => {
    sandbox = createSandbox({ entry });
    const reason = new Error('a newer head');
    await expect(sandbox.review(request(BROKEN).whole, AbortSignal.abort(reason))).rejects.toBe(
      reason,
    );
  });

  it('is not ended by what comes for a review that was stopped', async () => {
    sandbox = createSandbox({ entry });
    const { whole } = request(BROKEN);
    const { tree, load } = held(whole.sides.after);
    const stop = new AbortController();
    const stopped = sandbox.review({ ...whole, sides: { after: tree, head: tree } }, stop.signal);
    const give = await load;
    const reason = new Error('a newer head');
    stop.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    const faults: Error[] = [];
    const hear = (fault: Error) => void faults.push(fault);
    process.prependListener('uncaughtException', hear);
    await give();
    await expect(sandbox.review(whole)).resolves.toBeDefined();
    process.off('uncaughtException', hear);
    expect(faults).toEqual([]);
  });
});

/** A tree whose contents come only when they are given; and the giving, once they are asked for. */
function held({ listing }: SnapshotTree): {
  tree: SnapshotTree;
  load: Promise<() => Promise<void>>;
} {
  let isAsked: (give: () => Promise<void>) => void = () => undefined;
  const load = new Promise<() => Promise<void>>((resolve) => (isAsked = resolve));
  const snapshot: Snapshot = {
    list: () => Promise.resolve(listing),
    async load() {
      await new Promise<void>((give) => {
        isAsked(async () => {
          give();
          await new Promise((resolve) => setImmediate(resolve));
        });
      });
      return new Map();
    },
  };
  return { tree: new SnapshotTree(snapshot, listing), load };
}
