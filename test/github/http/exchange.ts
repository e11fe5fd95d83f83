import type { IncomingMessage, ServerResponse } from 'node:http';

import type { World } from '../state/world.ts';
import { ApiError } from './answer.ts';
import type { Actor } from './authentication.ts';
import type { Match } from './router.ts';

/** A request, and what becomes known of it while it is answered. */
export interface Exchange {
  readonly world: World;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Still encoded, without the API's base path. */
  readonly path: string;
  readonly query: URLSearchParams;
  body: Buffer;
  match: Match | undefined;
  /** Of a GraphQL or git request: what it is about. */
  operation: string | undefined;
  actor: Actor;
}

/** GitHub itself stops somewhere near here. */
const MAX_BODY_BYTES = 40_000_000;

/** @throws ApiError 413 for a body that is too large */
export function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    incoming.on('error', () => reject(new ApiError(400, 'The request was cut off')));
    incoming.on('end', () => {
      if (size > MAX_BODY_BYTES) reject(new ApiError(413, 'Payload too large'));
      else resolve(Buffer.concat(chunks));
    });
  });
}

/** @throws ApiError 400 for a body that is no JSON */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError(400, 'Problems parsing JSON');
  }
}
