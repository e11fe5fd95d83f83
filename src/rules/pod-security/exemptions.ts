import { Unknown } from '../../model/located.ts';

/** Whom a cluster's configuration lets off, by exact names. */
export interface Exemptions {
  readonly usernames: readonly string[];
  readonly namespaces: readonly string[];
  readonly runtimeClasses: readonly string[];
  /** Why nobody knows them; then the lists are empty. */
  readonly unknown?: string;
}

export const NO_EXEMPTIONS: Exemptions = { usernames: [], namespaces: [], runtimeClasses: [] };

/** Who asks for what. Empty and absent names are never exempt. */
export interface Requester {
  readonly namespace?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly runtimeClass?: string | Unknown | null | undefined;
}

/**
 * What exempts a pod, the first that does; undefined when nothing does. `unknown` when it hangs on
 * exemptions or a runtime class that are not known. Exempting a user does not exempt the pods that a controller
 * makes for that user.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#exemptions
 */
export function exemptionOf(
  { namespaces, usernames, runtimeClasses, unknown }: Exemptions,
  { namespace, username, runtimeClass }: Requester,
): 'namespace' | 'user' | 'runtimeClass' | 'unknown' | undefined {
  if (unknown !== undefined) return 'unknown';
  if (namespace && namespaces.includes(namespace)) return 'namespace';
  if (username && usernames.includes(username)) return 'user';
  if (runtimeClasses.length === 0 || !runtimeClass) return undefined;
  if (runtimeClass instanceof Unknown) return 'unknown';
  return runtimeClasses.includes(runtimeClass) ? 'runtimeClass' : undefined;
}
