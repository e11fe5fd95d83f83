/** First lines of private keys: PEM of any kind, OpenSSH, PGP; and PuTTY's own format. */
const BEGINNINGS = ['PRIVATE KEY-----', 'PRIVATE KEY BLOCK-----', 'PuTTY-User-Key-File-'];

/** A beginning with key material after it; bounded, since the text is anybody's. */
const KEY = /(?:PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-)(?=[^]{0,400}?[A-Za-z0-9+/=]{40})/;

/** Whether a file holds a private key that is written as text. */
export function holdsPrivateKeyText(content: Uint8Array): boolean {
  const text = Buffer.from(content.buffer, content.byteOffset, content.length);
  return BEGINNINGS.some((begin) => text.includes(begin));
}

/**
 * Where the first private key of a text begins: a beginning that key material follows, since
 * documentation and templates are full of beginnings alone.
 *
 * @returns its offset; undefined where there is none
 */
export function privateKeyAt(text: string): number | undefined {
  return BEGINNINGS.some((begin) => text.includes(begin)) ? KEY.exec(text)?.index : undefined;
}

/**
 * Whether bytes begin with a secret key packet of OpenPGP, in the old or the new packet format
 * (https://www.rfc-editor.org/rfc/rfc9580#section-4.2, packet type 5).
 */
export function beginsWithSecretKey(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  return first === 0xc5 || (first & 0xfc) === 0x94;
}
