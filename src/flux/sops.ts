import { type Located, LocatedList, LocatedMap, LocatedScalar, Unknown } from '../model/located.ts';

const CIPHERTEXT = /^ENC\[[A-Za-z0-9_]+,data:/;
const REASON = 'the value is encrypted with SOPS';

/** Whether SOPS encrypted an object: its metadata stands in a field `sops` at the top. */
export function isEncrypted(root: LocatedMap): boolean {
  const sops = root.map('sops');
  return sops !== undefined && (sops.entry('mac') ?? sops.entry('version')) !== undefined;
}

/**
 * An encrypted object as it comes out of decryption: without the `sops` field, each encrypted
 * value unknown. The ciphertext is left out, so that nothing can quote it.
 */
export function decrypted(root: LocatedMap): LocatedMap {
  const cleared = clear(root.without('sops'));
  return cleared.kind === 'map' ? cleared : root;
}

function clear(node: Located): Located {
  if (node.kind === 'scalar') return clearScalar(node);
  if (node.kind === 'list') return new LocatedList(node.items.map(clear), node, node.trace);
  const entries = node.entries.map((entry) => ({ ...entry, value: clear(entry.value) }));
  return new LocatedMap(entries, node, node.trace);
}

function clearScalar(node: LocatedScalar): LocatedScalar {
  return typeof node.value === 'string' && CIPHERTEXT.test(node.value)
    ? new LocatedScalar(new Unknown(REASON), node, node.trace)
    : node;
}

/**
 * A ConfigMap or Secret that was generated from encrypted files, with the values that these hold
 * unknown; the very map where there is none. Flux decrypts such files before it builds.
 */
export function withoutEncryptedFiles(root: LocatedMap): LocatedMap {
  let cleared = root;
  for (const field of ['data', 'stringData']) {
    const data = root.map(field);
    if (data === undefined) continue;
    const isDotenv = data.entry('sops_mac') !== undefined;
    const entries = data.entries
      .filter(({ key }) => !isDotenv || !key.startsWith('sops_'))
      .map((entry) =>
        isDotenv || isEncryptedFile(entry.value)
          ? { ...entry, value: new LocatedScalar(new Unknown(REASON), entry.value) }
          : entry,
      );
    if (entries.some((entry, index) => entry !== data.entries[index])) {
      cleared = cleared.with(field, data.withEntries(entries));
    }
  }
  return cleared;
}

function isEncryptedFile(node: Located): boolean {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return false;
  return hasCiphertext(node.value) || hasCiphertext(decodeBase64(node.value) ?? '');
}

function hasCiphertext(text: string): boolean {
  return text.includes('ENC[AES256_GCM,data:');
}

/** A value of a Secret; undefined when it is no base64 or no UTF-8. */
export function decodeBase64(text: string): string | undefined {
  const compact = text.replace(/\s+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    Uint8Array.from(atob(compact), (char) => char.charCodeAt(0)),
  );
  return decoded.includes('\ufffd') ? undefined : decoded;
}
