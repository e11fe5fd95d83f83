import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import { type Failure, type Fault, waitFor } from '../faults.ts';
import { serveGit } from '../git/smart-http.ts';
import { serveGraphql } from '../graphql/serve.ts';
import { routes } from '../routes.ts';
import { type World, fullName } from '../state/world.ts';
import { type Answer, ApiError, errorBody } from './answer.ts';
import { type Actor, actorName, authenticate } from './authentication.ts';
import { countRequest, rateLimitHeaders } from './rate-limit.ts';
import { type ApiRequest, type Match, createRouter } from './router.ts';

/** GitHub itself stops somewhere near here. */
const MAX_BODY_BYTES = 40_000_000;

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback interface. */
export async function startServer(world: World): Promise<HttpServer> {
  const findRoute = createRouter(routes);
  const server = createServer((incoming, outgoing) => {
    void serve(world, findRoute, incoming, outgoing);
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

/** What is known of a request while it is answered. */
interface Exchange {
  readonly world: World;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly fault: Fault | undefined;
  body: Buffer;
  match: Match | undefined;
  operation: string | undefined;
  actor: Actor;
}

async function serve(
  world: World,
  findRoute: ReturnType<typeof createRouter>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', world.urls.html);
  if (await serveGit(world, incoming, outgoing, url)) return;
  const base = new URL(world.urls.api).pathname.replace(/\/$/, '');
  const path = byName(world, url.pathname.slice(base.length));
  const method = incoming.method ?? 'GET';
  const exchange: Exchange = {
    world,
    incoming,
    outgoing,
    path,
    query: url.searchParams,
    fault: world.faults.take(method, path),
    body: Buffer.alloc(0),
    match: undefined,
    operation: undefined,
    actor: { kind: 'anonymous' },
  };
  const failure = exchange.fault?.failure;
  if (failure !== undefined) await waitFor(failure);
  const isLate = exchange.fault?.when === 'after' || failure?.kind === 'delay';
  if (failure?.kind === 'answer' && !isLate) {
    exchange.body = await readBody(incoming);
    send(exchange, failure.answer);
    return;
  }
  if ((failure?.kind === 'hang' || failure?.kind === 'reset') && !isLate) {
    fail(exchange, failure);
    return;
  }
  const isGraphql = url.href.split('?')[0] === world.urls.graphql;
  const isOurs = isGraphql || url.pathname.startsWith(`${base}/`);
  const answer = await answerSafely(exchange, () =>
    isOurs
      ? isGraphql
        ? answerGraphql(exchange)
        : answerRest(exchange, findRoute)
      : Promise.reject(new ApiError(404, 'Not Found')),
  );
  if (failure === undefined || failure.kind === 'delay') {
    send(exchange, answer);
    return;
  }
  if (failure.kind === 'answer') {
    send(exchange, failure.answer);
    return;
  }
  fail(exchange, failure, answer);
}

/** `/repositories/{id}/…` is the same as `/repos/{owner}/{repo}/…`. */
function byName(world: World, path: string): string {
  const match = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  const repository = match === null ? undefined : world.repositories.get(Number(match[1]));
  return repository === undefined ? path : `/repos/${fullName(repository)}${match?.[2] ?? ''}`;
}

async function answerSafely(exchange: Exchange, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const known =
      error instanceof ApiError
        ? error
        : new ApiError(500, error instanceof Error ? (error.stack ?? error.message) : 'unknown');
    if (known.status === 500) {
      // A fault of the embedded GitHub itself must not pass for one of GitHub's.
      exchange.world.contractViolations.push({
        source: 'response',
        operation: exchange.match?.route.pattern ?? exchange.path,
        kind: 'invalid',
        message: known.message,
      });
    }
    const body = errorBody(known, 'https://docs.github.com/rest');
    return { status: known.status, body, headers: known.headers };
  }
}

async function answerRest(
  exchange: Exchange,
  findRoute: ReturnType<typeof createRouter>,
): Promise<Answer> {
  const { world, incoming, path, query } = exchange;
  const method = incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET');
  exchange.body = await readBody(incoming);
  exchange.match = findRoute(method, path);
  exchange.actor = authenticate(world, incoming.headers.authorization);
  if (path !== '/rate_limit') countRequest(world, exchange.actor, 'core');
  const body = parseJson(exchange.body);
  if (exchange.match === undefined) throw new ApiError(404, 'Not Found');
  const isDescribed = !exchange.match.route.pattern.includes('/_');
  const violations = isDescribed ? world.contract.checkRequest({ method, path, query, body }) : [];
  world.contractViolations.push(...violations);
  const refused = violations.filter(({ kind }) => kind === 'invalid');
  const headers = incoming.headers as ApiRequest['headers'];
  const request: ApiRequest = { method, path, query, headers, body };
  if (refused.length > 0) {
    throw new ApiError(
      422,
      `Invalid request.\n\n${refused.map(({ message }) => message).join('\n')}`,
    );
  }
  const { route, params } = exchange.match;
  const { actor } = exchange;
  const answer = await route.handle({ world, request, actor, params });
  const operation = world.contract.operationOf(method, path);
  if (operation !== undefined && answer.raw === undefined) {
    const plain: unknown =
      answer.body === undefined ? undefined : JSON.parse(JSON.stringify(answer.body));
    world.contractViolations.push(...world.contract.checkResponse(operation, answer.status, plain));
  }
  return answer;
}

async function answerGraphql(exchange: Exchange): Promise<Answer> {
  const { world, incoming } = exchange;
  exchange.body = await readBody(incoming);
  exchange.actor = authenticate(world, incoming.headers.authorization);
  if (exchange.actor.kind === 'anonymous') {
    throw new ApiError(401, 'This endpoint requires you to be authenticated.');
  }
  countRequest(world, exchange.actor, 'graphql');
  const answer = await serveGraphql(world, exchange.actor, parseJson(exchange.body));
  exchange.operation = answer.operation;
  return answer;
}

function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    incoming.on('error', reject);
    incoming.on('end', () => {
      if (size > MAX_BODY_BYTES) reject(new ApiError(413, 'Payload too large'));
      else resolve(Buffer.concat(chunks));
    });
  });
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
}

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
  const headers: Record<string, string> = {
    'content-type': answer.raw?.type ?? 'application/json; charset=utf-8',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    'x-github-request-id': `${(world.requests.length + 1).toString(16).toUpperCase()}:FAKE`,
    ...(hasTag ? { etag, 'cache-control': 'private, max-age=60, s-maxage=60' } : {}),
    ...rateLimitHeaders(world, exchange.actor, isKnown),
    ...answer.headers,
  };
  if (!isKnown) return { status: answer.status, headers, bytes };
  delete headers['content-type'];
  return { status: 304, headers, bytes: Buffer.alloc(0) };
}

function send(exchange: Exchange, answer: Answer): void {
  const { status, headers, bytes } = render(exchange, answer);
  const { outgoing, incoming } = exchange;
  log(exchange, status, bytes.length);
  if (status === 204 || status === 304) delete headers['content-type'];
  else headers['content-length'] = String(bytes.length);
  outgoing.writeHead(status, headers);
  outgoing.end(incoming.method === 'HEAD' ? undefined : bytes);
}

/** Breaks the answer, or the connection, as a fault asks. */
function fail(exchange: Exchange, failure: Failure, answer?: Answer): void {
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

function log(exchange: Exchange, status: number, responseBytes: number): void {
  const { world, incoming, path, query, match, operation, actor, body } = exchange;
  const isGraphql = operation !== undefined;
  world.requests.push({
    id: world.requests.length + 1,
    method: incoming.method ?? 'GET',
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    route: isGraphql ? 'POST /graphql' : match?.route.pattern,
    operation,
    status,
    actor: actorName(actor),
    requestBytes: body.length,
    responseBytes,
  });
}
