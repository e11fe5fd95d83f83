import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import type { Logger } from 'pino';

import { type Answer, send, toJson } from './answer.ts';

export type Route = (
  request: IncomingMessage,
  response: ServerResponse,
) => Answer | Promise<Answer>;

/** By path, then by method. */
export type Routes = Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST', Route>>>>>;

export interface ConnectionLimits {
  /** Ms for the head of a request. */
  readonly headTime: number;
  /** Ms for a whole request. */
  readonly requestTime: number;
  /** At a time; further ones are closed unread. */
  readonly connections: number;
}

export interface HttpOptions {
  readonly routes: Routes;
  readonly limits: ConnectionLimits;
  readonly isDraining: () => boolean;
  readonly log: Logger;
}

/** Load balancers keep idle connections for a minute; closing them earlier loses deliveries. */
const KEEP_ALIVE = 75_000;
/** Ms between looks for requests that are over their time. */
const TIMEOUT_CHECK = 1_000;
/** Ms that requests under way get when the server closes. */
const LAST_REQUESTS = 5_000;

/** A server for strangers: slow, broken and endless requests end in an answer and one log line. */
export function createHttpServer(options: HttpOptions): Server {
  const { routes, limits, isDraining, log } = options;
  /** Connections whose request is in the hands of a route, which logs how it went. */
  const answering = new WeakSet<Socket>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
    // The other side may be gone at any time; the request itself tells who waits for it.
    response.on('error', () => undefined);
    send(request, response, await answer(request, response), isDraining());
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    try {
      return await routeOf(routes, request)(request, response);
    } catch (error) {
      log.error({ error }, 'Request failed');
      return toJson(500, { error: 'internal error' });
    }
  }

  const server = createServer({
    headersTimeout: limits.headTime,
    requestTimeout: limits.requestTime,
    keepAliveTimeout: KEEP_ALIVE,
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK, limits.headTime),
  });
  server.maxConnections = limits.connections;
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    void handle(request, response);
  server.on('request', onRequest);
  // Whoever asks before sending a large body is told no before sending it.
  server.on('checkContinue', onRequest);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const [status, reason] = CLIENT_ERRORS[error.code ?? ''] ?? [400, 'Bad Request'];
    if (!answering.has(socket) && error.code !== 'ECONNRESET') {
      log.warn({ status, code: error.code, address: socket.remoteAddress }, 'Request refused');
    }
    if (!socket.writable) socket.destroy();
    else
      socket.end(`HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\n\r\n`, () =>
        socket.destroy(),
      );
  });
  return server;
}

const CLIENT_ERRORS: Record<string, [number, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};

function routeOf(routes: Routes, request: IncomingMessage): Route {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const methods = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (methods === undefined) return () => toJson(404, { error: 'no such path' });
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = method === 'GET' || method === 'POST' ? methods[method] : undefined;
  const headers = { allow: Object.keys(methods).join(', ') };
  return route ?? (() => toJson(405, { error: 'no such method here' }, headers));
}

/** Resolves with the port; rejects when the address cannot be listened on. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** Takes no more connections; resolves when the requests under way are answered, or cut off. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, LAST_REQUESTS);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(timer);
}
