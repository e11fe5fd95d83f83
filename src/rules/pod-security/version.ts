/** A version of the Pod Security Standards, as a label or a configuration names it. */
export interface PolicyVersion {
  /** As written: texts of admission repeat it even where an older revision is what counts. */
  readonly text: string;
  /** The minor version of Kubernetes; `Infinity` for `latest`. */
  readonly minor: number;
}

export const LATEST: PolicyVersion = { text: 'latest', minor: Infinity };

const VERSION = /^v1\.(0|[1-9][0-9]*)$/;
const LARGEST_INT64 = 9223372036854775807n;

/**
 * `latest` or `v1.N`, exactly: `v1.07`, `1.25` and `v1.30.1` are invalid and give undefined.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
 */
export function parseVersion(text: string): PolicyVersion | undefined {
  if (text === LATEST.text) return LATEST;
  const minor = VERSION.exec(text)?.[1];
  // A number too long for the API server's integer is invalid there, not merely far away.
  if (minor === undefined || minor.length > 19 || BigInt(minor) > LARGEST_INT64) return undefined;
  return { text, minor: Number(minor) };
}

/** The version of a minor release of Kubernetes: 25 gives `v1.25`. */
export function versionOfMinor(minor: number): PolicyVersion {
  return { text: `v1.${minor}`, minor };
}

/** Whether `a` stands before `b`; `latest` stands after every other one. */
export function isOlder(a: PolicyVersion, b: PolicyVersion): boolean {
  return a.minor < b.minor;
}
