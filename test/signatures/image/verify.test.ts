import { generateKeyPairSync, sign } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { AttestorVerdict } from '../../../src/model/image.ts';
import { judgeImage } from '../../../src/signatures/image/verify.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const TYPE = 'application/vnd.in-toto+json';
const trusted = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });

interface Made {
  readonly by?: typeof trusted;
  readonly digest?: string;
  readonly entries?: readonly object[];
}

/** A bundle as cosign 3 writes it beside an image. */
function bundle({ by = trusted, digest = DIGEST, entries }: Made): string {
  const payload = Buffer.from(
    JSON.stringify({ subject: [{ digest: { sha256: digest.slice('sha256:'.length) } }] }),
  );
  const head = Buffer.from(`DSSEv1 ${TYPE.length} ${TYPE} ${payload.length} `);
  const sig = sign('sha256', Buffer.concat([head, payload]), by.privateKey).toString('base64');
  return JSON.stringify({
    verificationMaterial: entries === undefined ? {} : { tlogEntries: entries },
    dsseEnvelope: {
      payloadType: TYPE,
      payload: payload.toString('base64'),
      signatures: [{ sig }],
    },
  });
}

function verdictOf(made: Made | string, needsLog: boolean): AttestorVerdict | undefined {
  const json = typeof made === 'string' ? made : bundle(made);
  const key = trusted.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const { verdicts } = judgeImage({ digest: DIGEST, signatures: [{ form: 'bundle', json }] }, [
    { kind: 'key', key, needsLog, forms: ['bundle'] },
  ]);
  return verdicts[0];
}

describe('a bundle', () => {
  it('by the key of the policy is a signature', () => {
    expect(verdictOf({}, false)).toEqual({ state: 'signed' });
  });

  it('without the entry of the log that the policy demands is none', () => {
    expect(verdictOf({}, true)).toMatchObject({ state: 'unsigned' });
  });

  it('with an entry that cannot be checked here is neither accepted nor refused', () => {
    expect(verdictOf({ entries: [{ logIndex: '1' }] }, true)).toMatchObject({ state: 'unknown' });
  });

  it.each([
    ['another key', { by: other, entries: [{}] }],
    ['another image', { digest: `sha256:${'b'.repeat(64)}`, entries: [{}] }],
    ['no JSON', '{'],
    ['no envelope', '{}'],
    ['a list for an envelope', '{"dsseEnvelope":[]}'],
  ])('of %s is none, whatever it says of the log', (_, made) => {
    expect(verdictOf(made, true)).toMatchObject({ state: 'unsigned' });
  });
});
