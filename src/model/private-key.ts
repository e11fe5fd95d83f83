/** First lines of private keys: PEM of any kind, OpenSSH, PGP; and PuTTY's own format. */
const BEGINNINGS = ['PRIVATE KEY-----', 'PRIVATE KEY BLOCK-----', 'PuTTY-User-Key-File-'];

/** The same, as they stand at the beginning of a line of text. */
const BEGINNING = /-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-/g;

/** Key material, and how far from the beginning it may start: behind headers. */
const MATERIAL = /[A-Za-z0-9+/=]{40}/;
const FARTHEST = 600;

/** A secret key of age, also one of its post-quantum kind: Bech32 in capital letters. */
const AGE_KEY = /AGE-SECRET-KEY-(?:PQ-)?1([02-9AC-HJ-NP-Z]{58,4000})/;

/** `-----BEGIN ` in base64, which Kubernetes puts keys in. */
const ENCODED = 'LS0tLS1CRUdJTi';
/** Enough of it to hold the headers of a key and its first material. */
const ENCODED_LENGTH = 2000;
/** More encoded texts than a file has certificates in a kubeconfig or a Secret. */
const MOST_ENCODED = 1000;

/** Whether a file holds a private key that is written as text. */
export function holdsPrivateKeyText(content: Uint8Array): boolean {
  const text = Buffer.from(content.buffer, content.byteOffset, content.length);
  return BEGINNINGS.some((begin) => text.includes(begin));
}

export interface FoundKey {
  /** Offset of its beginning, in UTF-16 units. */
  readonly start: number;
  /** It says itself that it can only be used with a passphrase. */
  readonly isProtected: boolean;
}

/**
 * The first private key of a text: a beginning that key material follows, since documentation and
 * templates are full of beginnings alone. Plain, or in base64 as in a kubeconfig.
 *
 * @param text attacker-controlled
 */
export function findPrivateKey(text: string): FoundKey | undefined {
  const found = [findPem(text), findAge(text), findEncoded(text)].filter(
    (key) => key !== undefined,
  );
  return found.sort((a, b) => a.start - b.start)[0];
}

/** Where the first private key of a text begins; undefined where there is none. */
export function privateKeyAt(text: string): number | undefined {
  return findPrivateKey(text)?.start;
}

function findPem(text: string): FoundKey | undefined {
  if (!BEGINNINGS.some((begin) => text.includes(begin))) return undefined;
  for (const { 0: begin, 1: kind = '', index } of text.matchAll(BEGINNING)) {
    const from = index + begin.length;
    const next = text.slice(from, from + FARTHEST);
    // What follows the end of a key that was taken out is not its material.
    const border = next.indexOf('-----');
    const body = border === -1 ? next : next.slice(0, border);
    const material = MATERIAL.exec(body)?.[0];
    if (material === undefined || !isVaried(material)) continue;
    const isProtected =
      kind.startsWith('ENCRYPTED') || /Proc-Type: 4,ENCRYPTED|Encryption: aes/.test(body);
    return { start: index, isProtected: isProtected || isSealedSshKey(kind, body) };
  }
  return undefined;
}

/** `xxxx…` and `REDACTED…` hold the place of a key. */
function isVaried(material: string): boolean {
  return new Set(material).size > 6;
}

/** OpenSSH names the cipher first. */
function isSealedSshKey(kind: string, body: string): boolean {
  if (kind !== 'OPENSSH ') return false;
  const head = Buffer.from(body.replace(/\\n|\s/g, '').slice(0, 60), 'base64').toString('latin1');
  return head.startsWith('openssh-key-v1\0') && !head.includes('\0\0\0\x04none');
}

function findAge(text: string): FoundKey | undefined {
  if (!text.includes('AGE-SECRET-KEY-')) return undefined;
  const match = AGE_KEY.exec(text);
  return match && isVaried(match[1] ?? '') ? { start: match.index, isProtected: false } : undefined;
}

function findEncoded(text: string): FoundKey | undefined {
  let start = text.indexOf(ENCODED);
  for (let tried = 0; start !== -1 && tried < MOST_ENCODED; tried++) {
    const encoded = text.slice(start, start + ENCODED_LENGTH).replace(/\\n|\s/g, '');
    const key = findPem(
      Buffer.from(/^[A-Za-z0-9+/]*/.exec(encoded)?.[0] ?? '', 'base64').toString('latin1'),
    );
    if (key !== undefined) return { ...key, start };
    start = text.indexOf(ENCODED, start + ENCODED.length);
  }
  return undefined;
}

/**
 * Whether bytes begin with a secret key packet of OpenPGP, in the old or the new packet format
 * (https://www.rfc-editor.org/rfc/rfc9580#section-4.2, packet type 5).
 */
export function beginsWithSecretKey(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  return first === 0xc5 || (first & 0xfc) === 0x94;
}
