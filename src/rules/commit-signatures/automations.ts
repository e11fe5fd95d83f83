import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { gitSourceOf } from '../../flux/watching.ts';
import { holdsPrivateKeyText } from '../../model/private-key.ts';
import { entryNames, type KeyEntry, plainEntries, secretOf } from '../../flux/verification-keys.ts';
import { groupOf } from '../../model/resource.ts';

/** An ImageUpdateAutomation, as far as signatures are concerned. */
export interface Automation {
  readonly object: ClusterObject;
  /** `flux-system/images` */
  readonly name: string;
  /** The branch of its commits. */
  readonly pushed: string;
  /** Whether that is the branch that the source follows. */
  readonly isDirect: boolean;
  /** Of its commits; anybody can write it. */
  readonly email?: string;
  readonly signing?: SigningKeyReference;
}

export interface SigningKeyReference {
  readonly type: 'gpg' | 'ssh';
  readonly secret?: string;
}

export function isAutomation({ resource: { kind, apiVersion } }: ClusterObject): boolean {
  return kind === 'ImageUpdateAutomation' && groupOf(apiVersion) === 'image.toolkit.fluxcd.io';
}

function imageAutomationsOf(cluster: Cluster): ClusterObject[] {
  return objectsOfKind(cluster, 'ImageUpdateAutomation').filter(isAutomation);
}

/** What an automation does to a source; undefined where it names another. */
export function automationOn(
  automation: ClusterObject,
  source: ClusterObject,
): Automation | undefined {
  if (!isAutomation(automation) || !isSourceOf(source, automation)) return undefined;
  const { resource, namespace } = automation;
  const git = resource.root.map('spec')?.map('git');
  const followed = followedBranch(source);
  const checkedOut = git?.map('checkout')?.map('ref')?.text('branch') ?? followed;
  const pushed = git?.map('push')?.text('branch') ?? checkedOut;
  const commit = git?.map('commit');
  const email = commit?.map('author')?.text('email');
  const key = commit?.map('signingKey');
  const secret = key?.map('secretRef')?.text('name');
  return {
    object: automation,
    name: `${namespace ?? ''}/${resource.name}`,
    pushed,
    isDirect: pushed === followed,
    ...(email !== undefined && { email }),
    ...(key && {
      signing: {
        type: key.text('type') === 'ssh' ? 'ssh' : 'gpg',
        ...(secret !== undefined && { secret }),
      },
    }),
  };
}

/** The branch that a source follows; empty where it follows none. */
export function followedBranch(source: ClusterObject): string {
  return gitSourceOf(source)?.branch ?? '';
}

function isSourceOf(candidate: ClusterObject, automation: ClusterObject): boolean {
  const reference = automation.resource.root.map('spec')?.map('sourceRef');
  const source = gitSourceOf(candidate);
  return (
    source !== undefined &&
    source.name === reference?.text('name') &&
    source.namespace === (reference.text('namespace') ?? automation.namespace)
  );
}

/** The automations that commit by way of a source. */
export function automationsOf(source: {
  readonly cluster: Cluster;
  readonly object: ClusterObject;
}): Automation[] {
  return imageAutomationsOf(source.cluster).flatMap(
    (object) => automationOn(object, source.object) ?? [],
  );
}

/** What robots are called that commit to GitOps repositories. */
const BOT_NAMES = /\bbot\b|\[bot\]|bot@|fluxcdbot|\bautomation\b|\bimage-?(?:updates?|updater)\b/i;

/**
 * Whether a key is a robot's, by the names that it bears: user ids, the comment of an SSH key, the
 * entry of the Secret. Keyrings are trusted, so the names are.
 */
export function isAutomationKey(
  names: readonly string[],
  automations: readonly Automation[],
): boolean {
  return names.some(
    (name) =>
      BOT_NAMES.test(name.replaceAll('_', '-')) ||
      automations.some(({ email }) => email !== undefined && name.includes(`<${email}>`)),
  );
}

const ENTRY_OF = { gpg: 'git.asc', ssh: 'identity' } as const;

/** What is wrong with the Secret that an automation signs with. */
export type SigningProblem =
  | { readonly problem: string }
  /** The Secret is not in this repository. */
  | 'absent';

/** The Secret must stand in the automation's namespace and hold the entry of its key's type. */
export function signingSecretProblem(
  { object, signing }: Automation,
  cluster: Cluster,
): SigningProblem | undefined {
  if (signing === undefined) return { problem: 'has no signing key' };
  const { type, secret: name } = signing;
  if (name === undefined) return { problem: 'names no Secret for its signing key' };
  const secret = secretOf(cluster, object.namespace, name);
  if (secret === undefined) {
    const elsewhere = objectsOfKind(cluster, 'Secret').find(
      ({ resource }) => resource.plainName === name,
    );
    if (elsewhere === undefined) return 'absent';
    const problem = `signs with Secret ${name}, which stands in namespace ${elsewhere.namespace ?? ''} and not in its own`;
    return { problem };
  }
  const names = entryNames(secret);
  const entry = ENTRY_OF[type];
  if (names.includes(entry)) return undefined;
  const other = type === 'gpg' ? 'ssh' : 'gpg';
  return names.includes(ENTRY_OF[other])
    ? {
        problem: `signs with a key of type ${type}, but Secret ${name} holds ${ENTRY_OF[other]}, a key of type ${other}, and no ${entry}`,
      }
    : { problem: `signs with Secret ${name}, which does not hold ${entry}` };
}

/** A private key in plain text, in a Secret that an automation signs with. */
export interface OpenSigningKey {
  readonly automation: ClusterObject;
  readonly secret: ClusterObject;
  readonly entry: KeyEntry;
}

/** Private keys that automations of a cluster sign with, and that everybody can read here. */
export function openSigningKeys(cluster: Cluster): OpenSigningKey[] {
  return imageAutomationsOf(cluster).flatMap((automation) => {
    const commit = automation.resource.root.map('spec')?.map('git')?.map('commit');
    const name = commit?.map('signingKey')?.map('secretRef')?.text('name');
    const secret = name === undefined ? undefined : secretOf(cluster, automation.namespace, name);
    if (secret === undefined) return [];
    return (plainEntries(secret) ?? [])
      .filter(({ content }) => holdsPrivateKeyText(Buffer.from(content, 'base64')))
      .map((entry) => ({ automation, secret, entry }));
  });
}
