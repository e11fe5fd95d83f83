import {
  createMessage,
  generateKey,
  readKey,
  readPrivateKey,
  readSignature,
  sign,
  verify,
} from 'openpgp';

import { type CommitFields, serializeCommit } from './commit-object.ts';
import { type GitStore, writeCommit } from './store.ts';

/** Signs commits in GitHub's own name. */
export interface Signer {
  readonly publicKey: string;
  sign(payload: Buffer, date: Date): Promise<string>;
}

interface KeyOwner {
  readonly name: string;
  readonly email: string;
  /** Of the key, in days; for ever where it is absent. */
  readonly days?: number;
}

const GITHUB: KeyOwner = { name: 'GitHub', email: 'noreply@github.com' };

/** A fresh PGP key, of the kind that GitHub's web interface signs with where nobody is named. */
export async function createSigner(
  date: Date,
  { name, email, days }: KeyOwner = GITHUB,
): Promise<Signer> {
  const { privateKey, publicKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name, email }],
    date,
    ...(days !== undefined && { keyExpirationTime: days * 86_400 }),
    format: 'armored',
  });
  const signingKeys = await readPrivateKey({ armoredKey: privateKey });
  return {
    publicKey,
    async sign(payload, date) {
      const message = await createMessage({ binary: new Uint8Array(payload) });
      // The types of openpgp lose the string on their way.
      const armored: unknown = await sign({ message, signingKeys, detached: true, date });
      return String(armored);
    },
  };
}

/** Writes a commit, signed when there is a signer. */
export async function writeSignedCommit(
  store: GitStore,
  fields: CommitFields,
  signer: Signer | undefined,
): Promise<string> {
  if (signer === undefined) return writeCommit(store, fields);
  const date = new Date(fields.committer.seconds * 1000);
  const armored = await signer.sign(serializeCommit(fields), date);
  const signature = armored.replaceAll('\r\n', '\n');
  return writeCommit(store, { ...fields, signature });
}

/** Whether one of the keys made the signature. Anything unreadable did not. */
export async function isSignedBy(
  payload: string,
  armoredSignature: string,
  armoredKeys: readonly string[],
): Promise<boolean> {
  try {
    const keys = await Promise.all(armoredKeys.map((armoredKey) => readKey({ armoredKey })));
    const verificationKeys = keys.map((key) => key.toPublic());
    const signature = await readSignature({ armoredSignature });
    const message = await createMessage({ binary: new TextEncoder().encode(payload) });
    const { signatures } = await verify({ message, signature, verificationKeys });
    await Promise.all(signatures.map(({ verified }) => verified));
    return signatures.length > 0;
  } catch {
    return false;
  }
}
