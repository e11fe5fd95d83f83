import { lookup } from 'node:dns/promises';
import { request as requestPlainly } from 'node:http';
import { request as requestSafely } from 'node:https';
import { isIP } from 'node:net';

import { proxyFor, type ProxySettings } from '../github/proxy.ts';
import { tunnelsOf } from '../github/tunnel.ts';
import { isPrivateAddress } from './registry-address.ts';

/** Why something could not be fetched, for people; never text of the server. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface FetchLimits {
  /** Hosts, with their port where it is not the usual one, and addresses, in lower case. */
  readonly hosts: ReadonlySet<string>;
  readonly maximumBytes: number;
  readonly signal: AbortSignal;
  /** A proxy looks names up itself: then the list of hosts and TLS are what holds. */
  readonly proxy?: ProxySettings;
}

const MOST_REDIRECTS = 3;

/**
 * Fetches from hosts of the list alone. Redirects are followed by hand and only to such hosts; what
 * authorises for one host never reaches another. Names are looked up once, and an address of a
 * private network is refused unless it is itself on the list.
 */
export async function fetchListed(
  address: string,
  headers: Readonly<Record<string, string>>,
  limits: FetchLimits,
): Promise<Answer> {
  let url = toListedUrl(address, limits);
  const { host } = url;
  for (let step = 0; step <= MOST_REDIRECTS; step += 1) {
    const { authorization, ...others } = headers;
    const sent = {
      ...others,
      ...(authorization !== undefined && url.host === host && { authorization }),
    };
    const answer = await fetchOnce(url, sent, limits);
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || typeof location !== 'string') return answer;
    url = toListedUrl(new URL(location, url).href, limits);
  }
  throw new RegistryError('the registry redirects again and again');
}

function toListedUrl(address: string, { hosts }: FetchLimits): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new RegistryError('the registry names an address that is none');
  if (!hosts.has(url.host.toLowerCase())) {
    throw new RegistryError(`host ${url.host} is not on the list of registries`);
  }
  const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    throw new RegistryError(`host ${url.host} is asked without encryption`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new RegistryError('the registry names an address with a password');
  }
  return url;
}

async function fetchOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: FetchLimits,
): Promise<Answer> {
  const { hosts, maximumBytes, signal } = limits;
  const proxy = url.protocol === 'https:' ? proxyFor(url, limits.proxy) : undefined;
  // A name is looked up by the proxy; an address is still held to the rules.
  const isNamed = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0;
  const address = proxy !== undefined && isNamed ? '' : await resolve(url, hosts);
  const request = url.protocol === 'https:' ? requestSafely : requestPlainly;
  return new Promise<Answer>((done, fail) => {
    const sent = request(
      url,
      {
        headers,
        signal,
        agent: proxy === undefined ? false : tunnelsOf(proxy),
        // The address that was checked is the one that is used.
        lookup: (_name, options, give) => {
          const family = isIP(address);
          if (options.all) give(null, [{ address, family }]);
          else give(null, address, family);
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maximumBytes) {
            response.destroy(new RegistryError('the answer of the registry is too large'));
          } else chunks.push(chunk);
        });
        response.on('end', () => {
          const { statusCode: status = 0, headers: received } = response;
          done({ status, headers: received, body: Buffer.concat(chunks) });
        });
        response.on('error', (error) => fail(toRegistryError(error, url)));
      },
    );
    sent.on('error', (error) => fail(toRegistryError(error, url)));
    sent.end();
  });
}

function toRegistryError(error: Error, { host }: URL): RegistryError {
  if (error instanceof RegistryError) return error;
  return new RegistryError(
    error.name === 'AbortError' ? `${host} did not answer in time` : `${host} cannot be reached`,
  );
}

async function resolve({ hostname, host }: URL, hosts: ReadonlySet<string>): Promise<string> {
  const name = hostname.replace(/^\[|\]$/g, '');
  const found =
    isIP(name) > 0
      ? [name]
      : await lookup(name, { all: true }).then(
          (all) => all.map(({ address }) => address),
          () => [],
        );
  const [address] = found;
  if (address === undefined) throw new RegistryError(`${host} is not known`);
  const isHostLocal = name === 'localhost' && hosts.has(host);
  const refused = found.some((each) => isPrivateAddress(each) && !isListed(each, host, hosts));
  if (refused && !isHostLocal) {
    throw new RegistryError(`${host} leads into a private network`);
  }
  return address;
}

function isListed(address: string, host: string, hosts: ReadonlySet<string>): boolean {
  return hosts.has(address) || hosts.has(`[${address}]`) || host.replace(/:\d+$/, '') === address;
}
