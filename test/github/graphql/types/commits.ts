import { pullsWith } from '../../domain/pull-facts.ts';
import { type Identity, identityDate } from '../../git/commit-object.ts';
import { commitsFrom } from '../../git/history.ts';
import { readCommit } from '../../git/store.ts';
import {
  type Verification,
  WEB_FLOW,
  accountOfEmail,
  verificationOf,
} from '../../render/commits.ts';
import { htmlUrl } from '../../render/repositories.ts';
import { nodeId } from '../../state/world.ts';
import { requirePullsRead } from '../access.ts';
import { connection } from '../connections.ts';
import type { CommitNode } from '../nodes.ts';
import { type FieldDefinition, type TypeDefinition, field } from '../schema.ts';

interface SignatureNode extends Verification {
  readonly email: string;
}

const STATES: Record<string, string> = {
  valid: 'VALID',
  invalid: 'INVALID',
  unknown_key: 'UNKNOWN_KEY',
  no_user: 'NO_USER',
};

/** Null for a commit without a signature. */
async function signatureOf(
  { repository, commit }: CommitNode,
  world: Parameters<typeof verificationOf>[0],
): Promise<SignatureNode | null> {
  const verification = await verificationOf(world, repository, commit);
  return verification.signature === null
    ? null
    : { ...verification, email: commit.committer.email };
}

const signatureFields: Record<string, FieldDefinition> = {
  isValid: field<SignatureNode>('Boolean!', ({ verified }) => verified),
  state: field<SignatureNode>('GitSignatureState!', ({ reason }) => STATES[reason] ?? 'INVALID'),
  signature: field<SignatureNode>('String!', ({ signature }) => signature),
  payload: field<SignatureNode>('String!', ({ payload }) => payload),
  email: field<SignatureNode>('String!', ({ email }) => email),
  signer: field<SignatureNode>('User', ({ verified, email }, _, { world }) =>
    verified ? accountOfEmail(world, email) : null,
  ),
  wasSignedByGitHub: field<SignatureNode>(
    'Boolean!',
    ({ verified, email }) => verified && email === WEB_FLOW.email,
  ),
};

const SIGNATURES = ['GpgSignature', 'SshSignature', 'SmimeSignature', 'UnknownSignature'] as const;

function kindOfSignature(source: unknown): string {
  const { signature } = source as SignatureNode;
  if (signature?.startsWith('-----BEGIN PGP') === true) return 'GpgSignature';
  if (signature?.startsWith('-----BEGIN SSH') === true) return 'SshSignature';
  return signature?.startsWith('-----BEGIN SIGNED') === true
    ? 'SmimeSignature'
    : 'UnknownSignature';
}

/** Newest first, as `git log` lists it. */
async function historyOf({ repository, commit }: CommitNode): Promise<CommitNode[]> {
  const ids = await commitsFrom(repository.git, commit.id);
  const commits = await Promise.all(ids.map((id) => readCommit(repository.git, id)));
  return commits.flatMap((one) => (one === undefined ? [] : [{ repository, commit: one }]));
}

const commitFields: Record<string, FieldDefinition> = {
  id: field<CommitNode>('ID!', ({ repository, commit }) =>
    nodeId('C', `${repository.id}:${commit.id}`),
  ),
  oid: field<CommitNode>('GitObjectID!', ({ commit }) => commit.id),
  abbreviatedOid: field<CommitNode>('String!', ({ commit }) => commit.id.slice(0, 7)),
  message: field<CommitNode>('String!', ({ commit }) => commit.message.replace(/\n$/, '')),
  messageHeadline: field<CommitNode>('String!', ({ commit }) => commit.message.split('\n')[0]),
  messageBody: field<CommitNode>('String!', ({ commit }) =>
    commit.message.split('\n').slice(1).join('\n').trim(),
  ),
  authoredDate: field<CommitNode>('DateTime!', ({ commit }) => identityDate(commit.author)),
  committedDate: field<CommitNode>('DateTime!', ({ commit }) => identityDate(commit.committer)),
  author: field<CommitNode>('GitActor', ({ commit }) => commit.author),
  committer: field<CommitNode>('GitActor', ({ commit }) => commit.committer),
  committedViaWeb: field<CommitNode>(
    'Boolean!',
    ({ commit }) => commit.committer.email === WEB_FLOW.email,
  ),
  signature: field<CommitNode>('GitSignature', (node, _, { world }) => signatureOf(node, world)),
  parents: connection<CommitNode>('parents', 'Commit', async ({ repository, commit }) => {
    const parents = await Promise.all(commit.parents.map((id) => readCommit(repository.git, id)));
    return parents.flatMap((parent) =>
      parent === undefined ? [] : [{ repository, commit: parent }],
    );
  }),
  history: connection<CommitNode>('history', 'Commit', historyOf),
  associatedPullRequests: connection<CommitNode>(
    'associatedPullRequests',
    'PullRequest',
    ({ repository, commit }, _, { actor }) => {
      requirePullsRead(actor, repository);
      return pullsWith(repository, commit.id);
    },
  ),
  tree: field<CommitNode>('Tree!', ({ commit }) => ({ oid: commit.tree })),
  url: field<CommitNode>(
    'URI!',
    ({ repository, commit }, _, { world }) => `${htmlUrl(world, repository)}/commit/${commit.id}`,
  ),
};

export const commitTypes: readonly [string, TypeDefinition][] = [
  ['Commit', { fields: commitFields }],
  ['Tree', { fields: { oid: field<{ oid: string }>('GitObjectID!', ({ oid }) => oid) } }],
  [
    'GitActor',
    {
      fields: {
        name: field<Identity>('String', ({ name }) => name),
        email: field<Identity>('String', ({ email }) => email),
        date: field<Identity>('GitTimestamp', identityDate),
        user: field<Identity>('User', ({ email }, _, { world }) => accountOfEmail(world, email)),
      },
    },
  ],
  ['GitSignature', { fields: signatureFields, possible: SIGNATURES, typeOf: kindOfSignature }],
  ...SIGNATURES.map((name): [string, TypeDefinition] => [name, { fields: signatureFields }]),
];
