/** First lines of private keys: PEM of any kind, OpenSSH, PGP; and PuTTY's own format. */
const BEGINNINGS = ['PRIVATE KEY-----', 'PRIVATE KEY BLOCK-----', 'PuTTY-User-Key-File-'];

/** Whether a file holds a private key that is written as text. */
export function holdsPrivateKeyText(content: Uint8Array): boolean {
  const text = Buffer.from(content.buffer, content.byteOffset, content.length);
  return BEGINNINGS.some((begin) => text.includes(begin));
}
