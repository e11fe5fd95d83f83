import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { waitFor } from '../faults.ts';
import { answerGit, isGitPath } from '../git/smart-http.ts';
import { routes } from '../routes.ts';
import { type World, fullName, reportFault } from '../state/world.ts';
import { ApiError } from './answer.ts';
import { answerGraphql, answerRest, answerSafely } from './answering.ts';
import { type Exchange, readBody } from './exchange.ts';
import { createRouter } from './router.ts';
import { breakOff, send } from './sending.ts';

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

type FindRoute = ReturnType<typeof createRouter>;

/**
 * Nothing ends a connection but its client, and the end of all: after a long turn of this process,
 * which has the clients too, one would be closed while a request is on its way.
 */
const PATIENT = { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 } as const;

/** Listens on a free port of the loopback interface. */
export async function startServer(world: World): Promise<HttpServer> {
  const findRoute = createRouter(routes);
  const server = createServer(PATIENT, (incoming, outgoing) => {
    serve(world, findRoute, incoming, outgoing).catch((error: unknown) => {
      reportFault(world, incoming.url ?? '', error);
      incoming.socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers one request, or fails to as a fault asks. */
async function serve(
  world: World,
  findRoute: FindRoute,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', world.urls.html);
  const kind = kindOf(world, url);
  const path = pathOf(world, url, kind);
  const exchange: Exchange = {
    world,
    incoming,
    outgoing,
    path,
    query: url.searchParams,
    body: Buffer.alloc(0),
    match: undefined,
    operation: undefined,
    actor: { kind: 'anonymous' },
  };
  const fault = world.faults.take(incoming.method ?? 'GET', path);
  const failure = fault?.failure;
  if (failure !== undefined) await waitFor(failure);
  const isEarly = fault?.when !== 'after';
  if (isEarly && failure?.kind === 'answer') {
    // A body that is not read would keep the connection from its next request.
    await readBody(incoming).then(
      (body) => (exchange.body = body),
      () => undefined,
    );
    send(exchange, failure.answer);
  } else if (isEarly && (failure?.kind === 'hang' || failure?.kind === 'reset')) {
    breakOff(exchange, failure);
  } else if (kind === 'git') {
    await answerGit(exchange);
  } else {
    const answer = await answerSafely(exchange, () => answerApi(exchange, findRoute, kind));
    if (failure === undefined || failure.kind === 'delay') send(exchange, answer);
    else if (failure.kind === 'answer') send(exchange, failure.answer);
    else breakOff(exchange, failure, answer);
  }
}

type Kind = 'git' | 'graphql' | 'rest' | 'nothing';

function kindOf({ urls }: World, url: URL): Kind {
  if (isGitPath(url.pathname)) return 'git';
  if (url.pathname === new URL(urls.graphql).pathname) return 'graphql';
  return url.pathname.startsWith(`${basePath(urls.api)}/`) ? 'rest' : 'nothing';
}

function basePath(api: string): string {
  return new URL(api).pathname.replace(/\/$/, '');
}

/** The path as routes, faults and the log know it. */
function pathOf(world: World, url: URL, kind: Kind): string {
  if (kind === 'graphql') return '/graphql';
  if (kind !== 'rest') return url.pathname;
  const path = url.pathname.slice(basePath(world.urls.api).length);
  // `/repositories/{id}/…` is the same as `/repos/{owner}/{repo}/…`.
  const match = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  const repository = match === null ? undefined : world.repositories.get(Number(match[1]));
  return repository === undefined ? path : `/repos/${fullName(repository)}${match?.[2] ?? ''}`;
}

function answerApi(exchange: Exchange, findRoute: FindRoute, kind: Kind) {
  if (kind === 'graphql') return answerGraphql(exchange);
  if (kind === 'rest') return answerRest(exchange, findRoute);
  return Promise.reject(new ApiError(404, 'Not Found'));
}
