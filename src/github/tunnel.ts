import { request as requestPlainly } from 'node:http';
import { Agent, request as requestSafely } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as secure } from 'node:tls';

/** Ms for a proxy to open a tunnel. */
const OPENING = 10_000;

/**
 * Connections through tunnels of an HTTP proxy. It learns the name and port of the other side, and
 * nothing of what is said: TLS goes through it, with the certificate of the name that was asked.
 */
class TunnelAgent extends Agent {
  readonly #proxy: URL;

  constructor(proxy: URL) {
    super({ keepAlive: true });
    this.#proxy = proxy;
  }

  override createConnection(
    options: { host?: string | null; port?: string | number | null; servername?: string },
    give?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { host, port, servername } = options;
    const name = `${host?.includes(':') ? `[${host}]` : (host ?? '')}:${port ?? 443}`;
    const fail = (error: Error) => give?.(error, undefined as unknown as Duplex);
    const request = this.#proxy.protocol === 'https:' ? requestSafely : requestPlainly;
    const opening = request(this.#proxy, {
      method: 'CONNECT',
      path: name,
      headers: { host: name, ...authorizationFor(this.#proxy) },
      agent: false,
      timeout: OPENING,
    });
    opening.on('connect', ({ statusCode: status = 0 }, socket) => {
      if (status === 200) {
        give?.(null, secure({ ...options, host: undefined, socket, servername } as never));
        return;
      }
      socket.destroy();
      fail(new Error(`The proxy refuses a tunnel to ${name} with status ${status}.`));
    });
    opening.on('response', (response) => {
      response.destroy();
      fail(new Error('The proxy opens no tunnels.'));
    });
    opening.on('timeout', () => opening.destroy(new Error('The proxy did not answer in time.')));
    opening.on('error', fail);
    opening.end();
    return undefined;
  }
}

/** A password in the proxy's address is sent to the proxy, and to nobody else. */
function authorizationFor({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

const agents = new Map<string, Agent>();

/** Connections through a proxy, kept open for all who use it. For https addresses. */
export function tunnelsOf(proxy: string): Agent {
  const known = agents.get(proxy) ?? new TunnelAgent(new URL(proxy));
  agents.set(proxy, known);
  return known;
}
