import { holdsPrivateKeyText } from '../model/private-key.ts';
import { utf8 } from './bytes.ts';
import { knowsSsh } from './flux-version.ts';
import { type PgpEntry, readPgpEntry, unreadableEntry } from './pgp/keyring.ts';
import { type SshEntry, readSshEntry } from './ssh/authorized-keys.ts';

/** An entry of the Secret that `spec.verify.secretRef` names. Attacker-controlled. */
export interface SecretEntry {
  readonly name: string;
  /** Decoded, as the cluster holds it. */
  readonly content: Uint8Array | string;
}

/** Keys read once, for any number of verifications. */
export interface Keyring {
  /** Whether the Flux version verifies SSH signatures. */
  readonly knowsSsh: boolean;
  /** In the order of their names; Flux's own order is random. */
  readonly entries: readonly KeyringEntry[];
}

export type KeyringEntry =
  | (PgpEntry & EntryOrigin & { readonly kind: 'openpgp' })
  | (SshEntry & EntryOrigin & { readonly kind: 'ssh' });

interface EntryOrigin {
  /** Private key material of any kind stands in the entry. It is never kept. */
  readonly holdsPrivateKey: boolean;
}

/** A Secret holds 1 MiB. Beyond this nobody's cluster can have the entry. */
const LARGEST_ENTRY = 16 * 1024 * 1024;

/**
 * Reads the entries of a keyring Secret as Flux does: names ending in `.sshpub` are SSH keys (from
 * Flux 2.9), all others are PGP keyrings. Never fails: an unreadable entry says so itself.
 *
 * @param options.fluxVersion such as `2.8` or `v2.9.4`; the newest when absent.
 */
export async function openKeyring(
  entries: Iterable<SecretEntry>,
  options: { readonly fluxVersion?: string | undefined } = {},
): Promise<Keyring> {
  const withSsh = knowsSsh(options.fluxVersion);
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const opened: KeyringEntry[] = [];
  for (const { name, content } of sorted) {
    const bytes = typeof content === 'string' ? utf8(content) : content;
    opened.push(await openEntry(name, bytes, withSsh && name.endsWith('.sshpub')));
  }
  return { knowsSsh: withSsh, entries: opened };
}

async function openEntry(name: string, content: Uint8Array, isSsh: boolean): Promise<KeyringEntry> {
  const holdsPrivateKey = holdsPrivateKeyText(content);
  if (content.length > LARGEST_ENTRY) {
    const error = `the entry holds ${content.length} bytes, more than any Secret can`;
    return isSsh
      ? { kind: 'ssh', name, keys: [], error, holdsPrivateKey }
      : { kind: 'openpgp', ...unreadableEntry(name, error), holdsPrivateKey };
  }
  if (isSsh) return { kind: 'ssh', ...readSshEntry(name, content), holdsPrivateKey };
  const entry = await readPgpEntry(name, content);
  const isPrivate = entry.entities.some(({ primary, subkeys }) =>
    [primary, ...subkeys.map((subkey) => subkey.key)].some((key) => key.isPrivate),
  );
  return { kind: 'openpgp', ...entry, holdsPrivateKey: holdsPrivateKey || isPrivate };
}
