import { describe, expect, it } from 'vitest';

import { openKeyring } from '../../src/signatures/keyring.ts';
import { type CheckedOut, verifySource } from '../../src/signatures/source.ts';
import {
  NOW,
  PAYLOAD,
  armor,
  forgeKey,
  forgeSignature,
  publicKeys,
  signedBy,
  usualKey,
} from './forge.ts';

const ann = forgeKey('ann');
const ben = forgeKey('ben');
const KEYRING = openKeyring([{ name: 'keys.asc', content: publicKeys(usualKey(ann)) }]);

const TAG = Buffer.from(`object ${'a'.repeat(40)}\ntype commit\ntag v1\n\nText\n`);

function tagBy(key: typeof ann): Buffer {
  return Buffer.concat([TAG, Buffer.from(armor('PGP SIGNATURE', forgeSignature(key, 0, TAG)))]);
}

/** Object ids as git gives them. */
const COMMIT = {
  ann: '806b4b971c5d51ca645f7457b1b0e3a4a083c215',
  ben: '5cb86dd602d82a51330b06495c1e03e2f5d45f5f',
  nobody: '615ced30e50d5a9dbc1a1792b96c12f4ee9b8efb',
};
const TAGS = {
  ann: 'v1@bc2103797c5af8e1174cd08d469b3a9feecb0726',
  ben: 'v1@884335539bd602440c664fe0b5ab43838a4238b4',
  nobody: 'v1@e9397ecc092b87fcbf8531b61af0fb89a1ab77ba',
};
const NO_MATCH = 'unable to verify payload with any of the given key rings: no matching key';

const byAnn = signedBy(ann);
const byBen = signedBy(ben);
const verifiedCommit = `\t- commit '${COMMIT.ann}' with key '${ann.id}'`;
const verifiedTag = `\t- tag '${TAGS.ann}' with key '${ann.id}'`;

interface Case {
  readonly name: string;
  readonly checkedOut: CheckedOut;
  readonly mode: 'HEAD' | 'head' | 'Tag' | 'TagAndHEAD';
  readonly reason: string;
  readonly message: string;
}

const CASES: readonly Case[] = [
  {
    name: 'HEAD: a signed commit',
    checkedOut: { commit: byAnn },
    mode: 'HEAD',
    reason: 'Succeeded',
    message: `verified signature of\n${verifiedCommit}`,
  },
  {
    name: 'head, the old spelling',
    checkedOut: { commit: byAnn },
    mode: 'head',
    reason: 'Succeeded',
    message: `verified signature of\n${verifiedCommit}`,
  },
  {
    name: "HEAD: another's commit",
    checkedOut: { commit: byBen },
    mode: 'HEAD',
    reason: 'InvalidCommitSignature',
    message: `signature verification of commit '${COMMIT.ben}' failed: unable to verify Git commit: ${NO_MATCH}`,
  },
  {
    name: 'HEAD: an unsigned commit',
    checkedOut: { commit: PAYLOAD },
    mode: 'HEAD',
    reason: 'InvalidCommitSignature',
    message: `signature verification of commit '${COMMIT.nobody}' failed: unsupported signature type: empty`,
  },
  {
    name: 'HEAD: a tag that is not looked at',
    checkedOut: { commit: byAnn, tag: TAG },
    mode: 'HEAD',
    reason: 'Succeeded',
    message: `verified signature of\n${verifiedCommit}`,
  },
  {
    name: 'Tag: a signed tag of an unsigned commit',
    checkedOut: { commit: PAYLOAD, tag: tagBy(ann) },
    mode: 'Tag',
    reason: 'Succeeded',
    message: `verified signature of\n${verifiedTag}`,
  },
  {
    name: "Tag: another's tag",
    checkedOut: { commit: byAnn, tag: tagBy(ben) },
    mode: 'Tag',
    reason: 'InvalidTagSignature',
    message: `signature verification of tag '${TAGS.ben}' failed: unable to verify Git tag: ${NO_MATCH}`,
  },
  {
    name: 'Tag: an annotated tag without signature',
    checkedOut: { commit: byAnn, tag: TAG },
    mode: 'Tag',
    reason: 'InvalidGitObject',
    message: `cannot verify signature of tag '${TAGS.nobody}' since it is not signed`,
  },
  {
    name: 'Tag: a lightweight tag',
    checkedOut: { commit: byAnn, tag: { type: 'lightweight', name: 'v2' } },
    mode: 'Tag',
    reason: 'InvalidGitObject',
    message: "cannot verify signature of tag 'v2' since it is not signed",
  },
  {
    name: 'Tag: a source that follows a branch',
    checkedOut: { commit: byAnn },
    mode: 'Tag',
    reason: 'InvalidVerificationMode',
    message: "cannot verify tag object's signature if a tag reference is not specified",
  },
  {
    name: 'TagAndHEAD: both signed',
    checkedOut: { commit: byAnn, tag: tagBy(ann) },
    mode: 'TagAndHEAD',
    reason: 'Succeeded',
    message: `verified signature of\n${verifiedTag}\n${verifiedCommit}`,
  },
  {
    name: 'TagAndHEAD: only the tag signed',
    checkedOut: { commit: PAYLOAD, tag: tagBy(ann) },
    mode: 'TagAndHEAD',
    reason: 'InvalidCommitSignature',
    message: `signature verification of commit '${COMMIT.nobody}' failed: unsupported signature type: empty`,
  },
  {
    name: 'TagAndHEAD: only the commit signed',
    checkedOut: { commit: byAnn, tag: TAG },
    mode: 'TagAndHEAD',
    reason: 'InvalidGitObject',
    message: `cannot verify signature of tag '${TAGS.nobody}' since it is not signed`,
  },
  {
    name: 'a commit that cannot be read',
    checkedOut: { commit: Buffer.from('x') },
    mode: 'HEAD',
    reason: 'GitOperationFailed',
    message:
      'failed to checkout and determine revision: malformed commit: tree header must be first',
  },
  {
    name: 'a tag that cannot be read',
    checkedOut: { commit: byAnn, tag: Buffer.from('x') },
    mode: 'HEAD',
    reason: 'GitOperationFailed',
    message:
      'failed to checkout and determine revision: malformed tag: object header must be first',
  },
];

describe('verifySource', () => {
  it.each(CASES)('$name', async ({ checkedOut, mode, reason, message }) => {
    const verdict = verifySource(checkedOut, mode, await KEYRING, NOW);
    expect([verdict.reason, verdict.message]).toEqual([reason, message]);
    expect(verdict.accepted).toBe(reason === 'Succeeded');
  });

  it('hands on the verdicts of tag and commit', async () => {
    const checkedOut = { commit: byBen, tag: tagBy(ann) };
    expect(verifySource(checkedOut, 'TagAndHEAD', await KEYRING, NOW)).toMatchObject({
      tag: { accepted: true, key: { id: ann.id } },
      commit: { accepted: false, refusal: 'unknown-key' },
    });
    expect(verifySource(checkedOut, 'Tag', await KEYRING, NOW)).not.toHaveProperty('commit');
  });
});
