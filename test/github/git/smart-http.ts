import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { refChanged } from '../domain/pushes.ts';
import { canSee, may } from '../http/access.ts';
import { ApiError } from '../http/answer.ts';
import { type Actor, accountOf, actorName, authenticate } from '../http/authentication.ts';
import type { Repository } from '../state/model.ts';
import type { Exchange } from '../http/exchange.ts';
import { log } from '../http/sending.ts';
import { type World, findRepository } from '../state/world.ts';
import { gitEnvironment } from './process.ts';
import { reloadRefs } from './store.ts';

type Service = 'git-upload-pack' | 'git-receive-pack';

interface GitCall {
  readonly repository: Repository;
  readonly service: Service;
  readonly isAdvertisement: boolean;
  readonly actor: Actor;
}

const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Whether a request is one of git's own. */
export function isGitPath(path: string): boolean {
  return PATH.test(path);
}

/**
 * Answers `git clone`, `fetch` and `push` over HTTP, by git's own programs. After a push everything
 * follows that follows from one on GitHub.
 */
export async function answerGit(exchange: Exchange): Promise<void> {
  const { world, incoming, outgoing, query } = exchange;
  const match = PATH.exec(exchange.path);
  try {
    if (match === null) throw new ApiError(404, 'Not Found');
    exchange.actor = authenticate(world, incoming.headers.authorization);
    const call = openCall(world, match, query, exchange.actor);
    exchange.operation = call.service;
    if (call.isAdvertisement) await advertise(call, incoming, outgoing);
    else await exchangePacks(world, call, incoming, outgoing);
  } catch (error) {
    refuse(outgoing, error);
  }
  log(exchange, outgoing.statusCode, 0);
}

function openCall(
  world: World,
  match: RegExpExecArray,
  query: URLSearchParams,
  actor: Actor,
): GitCall {
  const [, owner = '', name = '', action = ''] = match;
  const isAdvertisement = action === 'info/refs';
  const service = isAdvertisement ? query.get('service') : action;
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
    throw new ApiError(403, 'Please upgrade your git client.');
  }
  const repository = findRepository(world, owner, name);
  const isSeen = repository !== undefined && canSee(actor, repository);
  // A stranger is asked for a name first, so that nobody learns which private repositories exist.
  if (!isSeen || (service === 'git-receive-pack' && actor.kind === 'anonymous')) {
    throw actor.kind === 'anonymous'
      ? new ApiError(401, 'Authentication required.')
      : new ApiError(404, 'Repository not found.');
  }
  const needed = service === 'git-upload-pack' ? 'read' : 'write';
  const isOpen = service === 'git-upload-pack' && !repository.private;
  if (!isOpen && !may(actor, repository, [`contents:${needed}`], needed)) {
    throw new ApiError(403, `Permission to ${owner}/${name}.git denied to ${actorName(actor)}.`);
  }
  return { repository, service, isAdvertisement, actor };
}

function refuse(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const status = error instanceof ApiError ? error.status : 500;
  const headers: Record<string, string> =
    status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
  outgoing.writeHead(status, { 'content-type': 'text/plain', ...headers });
  outgoing.end(error instanceof Error ? error.message : 'unknown');
}

function start({ repository, service }: GitCall, incoming: IncomingMessage, args: string[]) {
  const protocol = incoming.headers['git-protocol'];
  const extra: Record<string, string> =
    typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {};
  return spawn(
    'git',
    [service.slice('git-'.length), '--stateless-rpc', ...args, repository.git.directory],
    { env: gitEnvironment(extra), stdio: ['pipe', 'pipe', 'ignore'] },
  );
}

/** One line of git's protocol: its length in four hexadecimal digits, then itself. */
function packetLine(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
}

async function advertise(
  call: GitCall,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const child = start(call, incoming, ['--advertise-refs']);
  child.stdin.end();
  outgoing.writeHead(200, {
    'content-type': `application/x-${call.service}-advertisement`,
    'cache-control': 'no-cache',
  });
  outgoing.write(`${packetLine(`# service=${call.service}\n`)}0000`);
  await pipeline(child.stdout, outgoing);
}

async function exchangePacks(
  world: World,
  call: GitCall,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const child = start(call, incoming, []);
  const isZipped = incoming.headers['content-encoding'] === 'gzip';
  const input = isZipped ? incoming.pipe(createGunzip()) : incoming;
  // Git may end before it has read everything; its answer says why.
  const sent = pipeline(input, child.stdin).catch(() => undefined);
  outgoing.writeHead(200, {
    'content-type': `application/x-${call.service}-result`,
    'cache-control': 'no-cache',
  });
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) {
    if (call.service === 'git-upload-pack') outgoing.write(chunk);
    else chunks.push(chunk as Buffer);
  }
  await sent;
  if (call.service === 'git-receive-pack') await noticePush(world, call.repository, call.actor);
  outgoing.end(Buffer.concat(chunks));
}

async function noticePush(world: World, repository: Repository, actor: Actor): Promise<void> {
  const account = accountOf(actor);
  const changes = await reloadRefs(repository.git);
  for (const change of changes) {
    if (account !== undefined) await refChanged(world, repository, change, account);
  }
}
