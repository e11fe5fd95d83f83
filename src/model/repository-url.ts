/** A repository on a git host, as far as its address tells. */
export interface RepositoryAddress {
  /** Lower case, without port and user. */
  readonly host: string;
  /** `owner/name`, lower case, without `.git`. */
  readonly path: string;
}

const WITH_SCHEME = /^(?:https?|ssh|git|git\+ssh):\/\/(?:[^/]*@)?([^/:@]+)(?::\d*)?\/(.+)$/i;
/** `git@github.com:owner/name.git` */
const SCP_LIKE = /^(?:[^/@:]+@)?([^/:@]+):(?!\/\/)(.+)$/;

/** Names under which a host is reached besides its own. */
const ALIASES: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'www.github.com': 'github.com',
};

/** Reads an address in its https, ssh or scp form; undefined for what is none of them. */
export function parseRepositoryUrl(url: string): RepositoryAddress | undefined {
  const [, host, rest] = WITH_SCHEME.exec(url) ?? SCP_LIKE.exec(url) ?? [];
  if (host === undefined || rest === undefined) return undefined;
  const path = toPath(rest);
  // With a dot at its end a name is the same host.
  const name = host.toLowerCase().replace(/\.$/, '');
  return path === '' ? undefined : { host: ALIASES[name] ?? name, path };
}

/** Whether an address is this repository's; hosts and names know no case. */
export function isRepository(url: string, host: string, repository: string): boolean {
  const address = parseRepositoryUrl(url);
  return address?.host === host.toLowerCase() && address.path === toPath(repository);
}

function toPath(text: string): string {
  const trimmed = text.replace(/[?#].*$/s, '').replace(/^\/+|\/+$/g, '');
  return trimmed.toLowerCase().replace(/\.git$/, '');
}
