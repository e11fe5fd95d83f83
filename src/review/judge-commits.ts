import type { Verdict } from '../model/commit.ts';
import type {
  CommitFacts,
  CommitMaterial,
  CommitsRequest,
  JudgedCommit,
  Known,
  RawCommit,
} from '../model/evidence.ts';
import { parseCommit } from '../signatures/git-object.ts';
import { listKeys } from '../signatures/inventory.ts';
import { type Keyring, openKeyring } from '../signatures/keyring.ts';
import { verifyObject, verifySigned } from '../signatures/verify.ts';

/** Judges commits by the keyrings of a request. Both are attacker-controlled. */
export async function judgeCommits(
  { keyrings }: CommitsRequest,
  material: CommitMaterial,
  now: number,
): Promise<CommitFacts> {
  const date = new Date(now);
  const opened = new Map<string, Keyring>();
  for (const { id, entries, flux } of keyrings) {
    const secret = Object.entries(entries).map(([name, content]) => ({
      name,
      content: Buffer.from(content, 'base64'),
    }));
    opened.set(id, await openKeyring(secret, { fluxVersion: flux }));
  }
  const empty = await openKeyring([]);
  const judge = (raw: RawCommit) => judgeCommit(raw, opened, empty, date);
  return {
    change: material.change.map(judge),
    ...(material.cut !== undefined && { cut: material.cut }),
    baseHeads: material.baseHeads.map(judge),
    keyrings: Object.fromEntries([...opened].map(([id, ring]) => [id, listKeys(ring, date)])),
  };
}

const NOBODY = { name: '', email: '' };

function judgeCommit(
  { id, object, described, github }: RawCommit,
  keyrings: ReadonlyMap<string, Keyring>,
  empty: Keyring,
  now: Date,
): JudgedCommit {
  const parsed = object && parseCommit(object);
  const known = parsed?.type === 'commit' ? parsed : described;
  const commit = {
    id,
    parents: known?.parents ?? [],
    author: known?.author ?? NOBODY,
    committer: known?.committer ?? NOBODY,
    message: known?.message ?? '',
  };
  const judgeBy = (keyring: Keyring): Known<Verdict> => {
    // A source that gives another commit's object would have that one's signature count.
    if (parsed?.type === 'commit' && parsed.id !== id) return OTHER_OBJECT;
    if (parsed !== undefined) return toKnown(verifyObject(parsed, keyring, now));
    if (described?.isUnsigned) return toKnown(verifySigned(UNSIGNED, keyring, now));
    return NO_OBJECT;
  };
  return {
    commit,
    ...(github && { github }),
    verdicts: Object.fromEntries([...keyrings].map(([ring, keyring]) => [ring, judgeBy(keyring)])),
    bare: judgeBy(empty),
  };
}

const NOTHING = new Uint8Array();
const UNSIGNED = { type: 'commit', signature: NOTHING, payload: NOTHING } as const;
const OTHER_OBJECT = {
  state: 'unknown',
  reason: 'the object that came is not the commit that was asked for',
} as const;
const NO_OBJECT = {
  state: 'unknown',
  reason: 'GitHub does not give the exact bytes that were signed',
} as const;

function toKnown<T>(value: T): Known<T> {
  return { state: 'known', value };
}
