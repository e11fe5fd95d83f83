import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { type FieldPath, valueAt } from '../../../model/field-path.ts';
import type { Attestor } from '../../../model/image.ts';
import { type LocatedMap, toPlain } from '../../../model/located.ts';
import { plainJson } from '../../../model/plain-json.ts';
import type { ClusterChange } from '../../rule.ts';
import { keysOfSecret } from '../verifiers/keys.ts';
import { mapsOf } from '../verifiers/nodes.ts';
import {
  type Fetched,
  type VerifyingKind,
  verifyingKindOf,
  verifyingSourcesOf,
} from './fetched.ts';

/** Something new that a source fetches and verifies. */
export interface Artifact {
  readonly object: ClusterObject;
  readonly kind: VerifyingKind;
  readonly fetched: Fetched;
  readonly attestors: readonly Attestor[];
}

/** What sources with `verify` fetch that is new, or verify anew. */
export function artifactsOf({ before, after }: ClusterChange): Artifact[] {
  if (before === undefined) return [];
  const known = new Map(verifyingSourcesOf(before).map((each) => [keyOf(each), each]));
  return verifyingSourcesOf(after).flatMap((object): Artifact[] => {
    const kind = verifyingKindOf(object);
    if (kind === undefined) return [];
    const was = known.get(keyOf(object));
    const [own, earlier] = [verifyOf(object, kind), was && verifyOf(was, kind)];
    if (own === undefined && earlier === undefined) return [];
    const fetched = kind.fetched(object, after);
    if (fetched === undefined) return [];
    const last = was && kind.fetched(was, before);
    const isKnown = fetched.state !== 'unknown' || (was && isSameAt(kind.whole, was, object));
    if (last !== undefined && isSame(last, fetched) && isKnown) {
      // What the source has fetched is held against what it verifies from now on.
      if (own === undefined || (earlier && isSame(toPlain(earlier), toPlain(own)))) return [];
      return [{ object, kind, fetched, attestors: attestorsOf(own, object, kind, after) }];
    }
    // A pull request that changes whose signature counts does not decide about itself.
    const verify = earlier ?? own;
    if (verify === undefined) return [];
    const cluster = earlier === undefined ? after : before;
    return [{ object, kind, fetched, attestors: attestorsOf(verify, object, kind, cluster) }];
  });
}

function attestorsOf(
  verify: LocatedMap,
  { namespace }: ClusterObject,
  { hasIdentities }: VerifyingKind,
  cluster: Cluster,
): Attestor[] {
  const unread = (reason: string): Attestor[] => [{ kind: 'unread', reason }];
  if ((verify.text('provider') ?? 'cosign') !== 'cosign') {
    return unread('signatures of Notation are not checked here');
  }
  if (verify.get('trustedRootSecretRef') !== undefined) {
    return unread('it trusts a Sigstore of its own');
  }
  const forms = ['legacy', 'bundle'] as const;
  const secret = verify.map('secretRef')?.text('name');
  if (secret !== undefined) {
    const isKey = (entry: string) => entry.endsWith('.pub');
    const keys = keysOfSecret(cluster, { namespace, name: secret }, isKey);
    if ('reason' in keys) return unread(keys.reason);
    // Flux asks no log where it has a key.
    return keys.pems.map((key) => ({ kind: 'key', key, needsLog: false, forms }));
  }
  const named = hasIdentities ? mapsOf(verify.get('matchOIDCIdentity')) : [];
  const identities = named.map((each) => ({
    issuer: { how: 'regex', text: each.text('issuer') ?? '' } as const,
    subject: { how: 'regex', text: each.text('subject') ?? '' } as const,
  }));
  return [{ kind: 'keyless', identities, needsCertificateLog: true, forms }];
}

function verifyOf(
  { resource: { root } }: ClusterObject,
  kind: VerifyingKind,
): LocatedMap | undefined {
  const verify = valueAt(root, kind.verify);
  return verify?.kind === 'map' && verify.entries.length > 0 ? verify : undefined;
}

function isSameAt(path: FieldPath, one: ClusterObject, other: ClusterObject): boolean {
  const [was, is] = [one, other].map(({ resource }) => valueAt(resource.root, path));
  return was !== undefined && is !== undefined && isSame(toPlain(was), toPlain(is));
}

function isSame(one: unknown, other: unknown): boolean {
  return plainJson(one) === plainJson(other);
}

function keyOf({ namespace, resource: { kind, plainName } }: ClusterObject): string {
  return JSON.stringify([kind, namespace, plainName]);
}
