import { createHash } from 'node:crypto';

import type { Failure } from '../faults.ts';
import type { Answer } from './answer.ts';
import { actorName } from './authentication.ts';
import type { Exchange } from './exchange.ts';
import { rateLimitHeaders } from './rate-limit.ts';

interface Rendered {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bytes: Buffer;
}

/** The answer as it goes out: with GitHub's headers, or as a 304 when the caller has it already. */
function render(exchange: Exchange, answer: Answer): Rendered {
  const { world, incoming } = exchange;
  const bytes =
    answer.raw?.bytes ??
    (answer.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(answer.body)));
  const etag = `W/"${createHash('sha256').update(bytes).digest('hex')}"`;
  const hasTag = answer.status === 200 && (incoming.method === 'GET' || incoming.method === 'HEAD');
  const isKnown = hasTag && incoming.headers['if-none-match'] === etag;
  const resource = exchange.path === '/graphql' ? 'graphql' : 'core';
  const headers: Record<string, string> = {
    'content-type': answer.raw?.type ?? 'application/json; charset=utf-8',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    'x-github-request-id': `${(world.requests.length + 1).toString(16).toUpperCase()}:FAKE`,
    ...(hasTag ? { etag, 'cache-control': 'private, max-age=60, s-maxage=60' } : {}),
    ...rateLimitHeaders(world, exchange.actor, resource, isKnown),
    ...answer.headers,
  };
  if (!isKnown) return { status: answer.status, headers, bytes };
  delete headers['content-type'];
  return { status: 304, headers, bytes: Buffer.alloc(0) };
}

/** Sends an answer and writes it down. */
export function send(exchange: Exchange, answer: Answer): void {
  const { status, headers, bytes } = render(exchange, answer);
  const { outgoing, incoming } = exchange;
  log(exchange, status, bytes.length);
  if (status === 204 || status === 304) delete headers['content-type'];
  else headers['content-length'] = String(bytes.length);
  outgoing.writeHead(status, headers);
  outgoing.end(incoming.method === 'HEAD' ? undefined : bytes);
}

/** Breaks the answer, or the connection, as a fault asks. */
export function breakOff(exchange: Exchange, failure: Failure, answer?: Answer): void {
  const { outgoing, incoming } = exchange;
  if (failure.kind === 'garble' && answer !== undefined) {
    const { status, headers, bytes } = render(exchange, answer);
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    log(exchange, status, half.length);
    outgoing.writeHead(status, { ...headers, 'content-length': String(half.length) });
    outgoing.end(half);
    return;
  }
  log(exchange, 0, 0);
  if (failure.kind === 'cut' && answer !== undefined) {
    const { status, headers, bytes } = render(exchange, answer);
    outgoing.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
    outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () =>
      incoming.socket.destroy(),
    );
    return;
  }
  if (failure.kind !== 'hang') incoming.socket.resetAndDestroy();
}

/** Writes a request down. Status 0 stands for a connection that was broken. */
export function log(exchange: Exchange, status: number, responseBytes: number): void {
  const { world, incoming, path, query, operation, actor, body } = exchange;
  world.requests.push({
    id: world.requests.length + 1,
    method: incoming.method ?? 'GET',
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    route: routeOf(exchange),
    operation,
    status,
    actor: actorName(actor),
    requestBytes: body.length,
    responseBytes,
  });
}

function routeOf({ match, operation }: Exchange): string | undefined {
  if (operation === undefined) return match?.route.pattern;
  return operation.startsWith('git-') ? 'git' : 'POST /graphql';
}
