import { createHash } from 'node:crypto';

import { configuredKeys, type KeyEntry, verificationKeys } from '../../flux/verification-keys.ts';
import {
  isGitSource,
  verifiesAnything,
  type WatchingSource,
  watchingSources,
} from '../../flux/watching.ts';
import type {
  CommitFacts,
  EvidenceRequest,
  KeyringRequest,
  Known,
  RepositoryIdentity,
} from '../../model/evidence.ts';
import { placeOf } from '../../model/field-path.ts';
import type { Fault, Subject, UnknownFact } from '../../model/finding.ts';
import type { Repository, RepositoryChange, RuleContext } from '../rule.ts';

/** A source that verifies, with the keys that it verifies with. */
export interface VerifyingSource extends WatchingSource {
  readonly verify: NonNullable<WatchingSource['verify']>;
  readonly keys: Known<readonly KeyEntry[]>;
  /** Names its keyring among the facts; equal keys of one source have one name. */
  readonly keyring: string;
}

/** What a side of the change trusts. */
export interface Trust {
  readonly watching: readonly WatchingSource[];
  readonly verifying: readonly VerifyingSource[];
}

const NO_TRUST: Trust = { watching: [], verifying: [] };

/** Sources of one side that watch this repository, and what they verify with. */
export function trustOf(
  repository: Repository | undefined,
  { facts, settings }: RuleContext,
): Trust {
  const identity = facts.identity;
  if (repository === undefined || identity?.state !== 'known') return NO_TRUST;
  const watching = repository.clusters.flatMap((cluster) =>
    watchingSources(cluster, identity.value),
  );
  const verifying = watching.flatMap((source): VerifyingSource[] => {
    const { verify, object, cluster } = source;
    if (verify === undefined) return [];
    const at = { namespace: object.namespace, secret: verify.secret };
    const keys = verificationKeys(cluster, repository.tree, at, settings.commitSignatures.keys);
    const keyring = keyringName(resourceName(source), keys, cluster.settings.flux);
    return [{ ...source, verify, keys, keyring }];
  });
  return { watching, verifying };
}

/** Sources that verify only once the change is merged: nobody verified their branch before. */
export function newlyVerifying(change: RepositoryChange, context: RuleContext): VerifyingSource[] {
  if (change.before === undefined) return [];
  const before = new Set(trustOf(change.before, context).verifying.map(({ id }) => id));
  return trustOf(change.after, context).verifying.filter(({ id }) => !before.has(id));
}

function resourceName({ object }: WatchingSource): string {
  return `${object.resource.kind} ${object.namespace ?? ''}/${object.resource.name}`;
}

/** @param source `GitRepository flux-system/fleet` */
export function keyringName(
  source: string,
  keys: Known<readonly Pick<KeyEntry, 'name' | 'content'>[]>,
  flux: string | undefined,
): string {
  if (keys.state === 'unknown') return source;
  const content = keys.value.map((entry) => [entry.name, entry.content]);
  const text = JSON.stringify([content, flux ?? null]);
  return `${source} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** What every rule of this area asks for, so that it is gathered once. */
export function needsOf(change: RepositoryChange, context: RuleContext): EvidenceRequest[] {
  const sides = [change.before, change.after];
  if (!sides.some((side) => side?.clusters.some(hasSources))) return [];
  const identity: EvidenceRequest = { kind: 'identity' };
  if (context.facts.identity?.state !== 'known') return [identity];
  const all = sides.flatMap((side) => trustOf(side, context).verifying.flatMap(toRequest));
  const keyrings = [...new Map(all.map((keyring) => [keyring.id, keyring])).values()];
  const watched = trustOf(change.before, context).watching.length > 0;
  if (!watched && keyrings.length === 0) return [identity];
  const known = keyrings.length === 0 ? configuredKeyring(change.before, context) : [];
  return [identity, { kind: 'merging' }, { kind: 'commits', keyrings: [...keyrings, ...known] }];
}

/** Names the keyring of the configuration's key files, where no source verifies. */
export const CONFIGURED = 'commitSignatures.keys';

/** What verification would trust, were it switched on with the keys that are named already. */
function configuredKeyring(
  repository: Repository | undefined,
  { settings }: RuleContext,
): KeyringRequest[] {
  const keys = repository && configuredKeys(repository.tree, settings.commitSignatures.keys);
  if (keys === undefined || keys.length === 0) return [];
  const entries = Object.fromEntries(keys.map(({ name, content }) => [name, content]));
  return [{ id: CONFIGURED, entries }];
}

function hasSources({ objects }: Repository['clusters'][number]): boolean {
  return objects.some(({ resource }) => isGitSource(resource));
}

function toRequest({ keyring: id, keys, cluster }: VerifyingSource): KeyringRequest[] {
  if (keys.state === 'unknown') return [];
  const entries = Object.fromEntries(keys.value.map(({ name, content }) => [name, content]));
  const { flux } = cluster.settings;
  return [{ id, entries, ...(flux !== undefined && { flux }) }];
}

/** Why nothing can be said, where a source may verify and the facts for it are missing. */
export function missingFacts(
  rule: string,
  change: RepositoryChange,
  { facts }: RuleContext,
  sources: readonly VerifyingSource[],
): UnknownFact[] {
  const say = (reason: string, source?: VerifyingSource): UnknownFact => ({
    rule,
    reason,
    ...(source && { place: placeOfSource(source) }),
    cause: 'environment',
  });
  if (facts.identity?.state !== 'known') {
    const isNeeded = change.before?.clusters.some(verifiesAnything) === true;
    return isNeeded ? [say(reasonOf(facts.identity))] : [];
  }
  return sources.flatMap((source) => {
    if (source.keys.state === 'unknown') return [say(source.keys.reason, source)];
    return facts.commits?.state === 'known' ? [] : [say(reasonOf(facts.commits), source)];
  });
}

export function reasonOf(fact: Known<unknown> | undefined): string {
  return fact?.state === 'unknown' ? fact.reason : 'Nobody was asked about this repository.';
}

/** Facts about commits, where they are there. */
export function knownCommits({ facts }: RuleContext): CommitFacts | undefined {
  return facts.commits?.state === 'known' ? facts.commits.value : undefined;
}

export function knownIdentity({ facts }: RuleContext): RepositoryIdentity | undefined {
  return facts.identity?.state === 'known' ? facts.identity.value : undefined;
}

export function subjectOf({ object }: WatchingSource, field: string): Subject {
  const { apiVersion, kind, plainName: name } = object.resource;
  const { namespace } = object;
  return { apiVersion, kind, name, field, ...(namespace !== undefined && { namespace }) };
}

export function placeOfSource({ object }: WatchingSource): Fault['primary'] {
  return placeOf(object.resource.root, ['spec', 'verify']);
}

/** Short enough to read, long enough to find. */
export function shortId(id: string): string {
  return id.slice(0, 10);
}
