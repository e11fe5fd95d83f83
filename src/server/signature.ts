import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a body was signed with one of our secrets, as GitHub signs: `sha256=` and the HMAC in
 * hex. Takes the same time for every wrong signature, and tries every secret, so that the time
 * tells nothing about any of them.
 */
export function isSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  const given = /^sha256=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (given === undefined) return false;
  const expected = Buffer.from(given, 'hex');
  let matches = 0;
  for (const secret of secrets) {
    const actual = createHmac('sha256', secret).update(body).digest();
    matches += Number(timingSafeEqual(actual, expected));
  }
  return matches > 0;
}
