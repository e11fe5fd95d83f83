import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy on loopback that opens tunnels and passes on plain requests, as companies run them. */
export interface ConnectProxy {
  readonly url: string;
  /** `HOST:PORT` of each tunnel and of each plain request. */
  readonly asked: readonly string[];
  /** What was sent to authorise for them. */
  readonly authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
}

/** @param reach the port on loopback that a name stands for; undefined: the tunnel is refused */
export async function startConnectProxy(
  reach: (host: string, port: number) => number | undefined,
): Promise<ConnectProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    const target = new URL(request.url ?? '');
    const { host } = target;
    asked.push(host);
    authorizations.push(request.headers['proxy-authorization']);
    const port = reach(target.hostname, Number(target.port || 80));
    if (port === undefined) {
      response.writeHead(403).end();
      return;
    }
    const { pathname, search } = target;
    const { method, headers } = request;
    const path = pathname + search;
    const sent = ask({ port, method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.on('error', () => response.destroy());
    request.pipe(sent);
  });
  server.on('connection', (socket) => open.add(socket));
  server.on('connect', (request, client: Socket) => {
    const address = request.url ?? '';
    asked.push(address);
    authorizations.push(request.headers['proxy-authorization']);
    client.on('error', () => undefined);
    const target = new URL(`http://${address}`);
    const port = reach(target.hostname, Number(target.port || 80));
    if (port === undefined) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    open.add(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    authorizations,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
