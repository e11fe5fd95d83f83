import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** Far above any RSA key in PEM; a path to something else must not fill the memory. */
const LARGEST_FILE = 64 * 1024;
/** GitHub makes keys of 2048 bits. */
const LEAST_BITS = 2_048;

/** A usable key as PKCS #8 PEM, or what is wrong with it: the end of a sentence, without the key. */
export type PrivateKey = { readonly pem: string } | { readonly problem: string };

/** Reads a key given as PEM, with line ends escaped or not, or as base64 of PEM. */
export function readPrivateKey(text: string): PrivateKey {
  const pem = toPem(text);
  if (pem === undefined) return { problem: 'is no private key in PEM format' };
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    return { problem: whyUnreadable(pem, error) };
  }
  if (key.asymmetricKeyType !== 'rsa') {
    return { problem: `is a key of type ${key.asymmetricKeyType ?? 'unknown'}, not RSA` };
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) return { problem: `is an RSA key of ${bits} bits, too short to be safe` };
  return { pem: key.export({ type: 'pkcs8', format: 'pem' }) as string };
}

/** Reads a key from a file. */
export function readPrivateKeyFile(path: string): PrivateKey {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { problem: 'names no file' };
    if (stats.size > LARGEST_FILE) return { problem: 'names a file that is too large for a key' };
    const key = readPrivateKey(readFileSync(path, 'utf8'));
    return 'pem' in key ? key : { problem: `names a file that ${key.problem}` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { problem: `names a file that cannot be read (${code})` };
  }
}

const MARK = '-----BEGIN ';

function toPem(text: string): string | undefined {
  const trimmed = text.trim().replace(/^(["'])(.*)\1$/s, '$2');
  const given = trimmed.includes(MARK)
    ? trimmed
    : Buffer.from(trimmed, 'base64').toString('latin1');
  if (!given.includes(MARK)) return undefined;
  return given.replaceAll('\\n', '\n').replaceAll('\\r', '').trim() + '\n';
}

function whyUnreadable(pem: string, error: unknown): string {
  if (pem.includes('PUBLIC KEY')) return 'is a public key; the App needs its private key';
  if (pem.includes('CERTIFICATE-')) return 'is a certificate; the App needs its private key';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (pem.includes('ENCRYPTED') || code === 'ERR_MISSING_PASSPHRASE') {
    return 'is protected by a passphrase; give it without';
  }
  return 'is damaged: its PEM does not decode, perhaps cut off or with lost line ends';
}
