/** What the operator gives for a registry's host: `USER:PASSWORD`, base64. */
export type Credentials = ReadonlyMap<string, string>;

/** Docker's own name for its hub, and the host that is asked instead. */
const HUB = /^(?:index\.)?docker\.io$/;

/**
 * Reads the operator's credentials, in the form of Docker's `config.json`: `auths`, by host.
 * Helpers that run programs are not followed.
 *
 * @throws when it is no such file, with what is wrong; never with a credential
 */
export function readCredentials(text: string): Credentials {
  const auths = (readJson(text) as { auths?: unknown } | null)?.auths;
  if (typeof auths !== 'object' || auths === null) throw new TypeError('It has no "auths".');
  return new Map(
    Object.entries(auths).flatMap(([name, entry]) => {
      const secret = toSecret(entry);
      return secret === undefined ? [] : [[toHost(name), secret] as const];
    }),
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('It is no JSON.');
  }
}

function toSecret(entry: unknown): string | undefined {
  const { auth, username, password } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof auth === 'string' && /^[A-Za-z0-9+/]{2,20000}={0,2}$/.test(auth)) return auth;
  if (typeof username !== 'string' || typeof password !== 'string') return undefined;
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** `https://index.docker.io/v1/` and `docker.io` are the host that is asked for images of the hub. */
function toHost(name: string): string {
  const host = name
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
  return HUB.test(host) ? 'registry-1.docker.io' : host;
}
