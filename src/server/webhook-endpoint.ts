import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Logger } from 'pino';

import type { Intake, VerifiedEvent } from '../jobs/intake.ts';
import type { Change, JobInbox } from '../jobs/queue.ts';
import { type Answer, toJson } from './answer.ts';
import { type BodyFailure, type BodyLimits, createBodyReader } from './body.ts';
import { type DeliveryHead, readHead } from './delivery-head.ts';
import type { Metrics } from './metrics.ts';
import { isSigned } from './signature.ts';

export interface EndpointOptions {
  readonly secrets: readonly string[];
  readonly limits: BodyLimits;
  readonly webhooks: (event: VerifiedEvent) => Intake;
  readonly inbox: Pick<JobInbox, 'apply'>;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'delivered'>;
}

/** What became of a delivery: its answer, and what the log and the metrics say about it. */
interface Reception {
  readonly answer: Answer;
  readonly outcome: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly reason?: string;
  readonly jobs?: readonly string[];
  readonly error?: unknown;
}

/**
 * Receives a delivery. Nothing of it is trusted before its signature: until then it costs bounded
 * memory, and its content appears nowhere. Answers 202 once its jobs are on disk. Writes exactly
 * one line to the log; the caller sends the answer.
 */
export function createWebhookEndpoint(
  options: EndpointOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<Answer> {
  const { secrets, webhooks, inbox, log, metrics } = options;
  const readBody = createBodyReader(options.limits);

  async function receive(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<[Reception, DeliveryHead?, 'verified'?]> {
    const head = readHead(request);
    if ('status' in head) return [refuse(head.status, head.reason)];
    const body = await readBody(request, () => {
      if (request.headers.expect !== undefined) response.writeContinue();
    });
    if (typeof body === 'string') return [failedBody(body), head];
    if (!isSigned(body, head.signature, secrets)) {
      return [refuse(401, 'the signature was not made with the webhook secret'), head];
    }
    return [await take(head, body), head, 'verified'];
  }

  async function take(head: DeliveryHead, body: Buffer): Promise<Reception> {
    const payload = parse(body);
    if (payload === undefined) return refuse(400, 'the body is not a JSON object');
    const intake = webhooks({ id: head.delivery, name: head.event, payload });
    if ('malformed' in intake) return { ...refuse(422, intake.malformed), level: 'error' };
    if ('ignored' in intake) return ignored(intake.ignored);
    const { changes } = intake;
    try {
      const [outcome = 'nothing'] = await inbox.apply({ delivery: deliveryKey(head), changes });
      return accepted(outcome, changes);
    } catch (error) {
      const answer = toJson(503, { error: 'the job store is not available' }, RETRY_LATER);
      return { answer, outcome: 'failed', level: 'error', error };
    }
  }

  return async (request, response) => {
    const begin = performance.now();
    const [{ answer, level, ...said }, head, verified] = await receive(request, response);
    const seconds = (performance.now() - begin) / 1_000;
    // Before the signature is verified an event's name is anybody's text: no label may hold it.
    metrics.delivered((verified && head?.event) ?? 'unverified', said.outcome, seconds);
    const { event, delivery } = head ?? {};
    const from = level === 'info' ? {} : { address: request.socket.remoteAddress };
    const words = answer.status < 300 ? 'Delivery accepted' : 'Delivery refused';
    log[level]({ status: answer.status, event, delivery, ...said, ...from }, words);
    return answer;
  };
}

const RETRY_LATER = { 'retry-after': '30' };

function refuse(status: number, reason: string): Reception {
  return { answer: toJson(status, { error: reason }), outcome: 'refused', level: 'warn', reason };
}

function failedBody(failure: BodyFailure): Reception {
  switch (failure) {
    case 'too-large':
      return refuse(413, 'the body is larger than any delivery of GitHub');
    case 'cut-off':
      return refuse(400, 'the connection ended before the body did');
    case 'crowded': {
      const reason = 'too many large bodies at a time';
      return { ...refuse(503, reason), answer: toJson(503, { error: reason }, RETRY_LATER) };
    }
  }
}

function ignored(reason: string): Reception {
  return {
    answer: toJson(200, { outcome: 'ignored', reason }),
    outcome: 'ignored',
    level: 'info',
    reason,
  };
}

function accepted(outcome: string, changes: readonly Change[]): Reception {
  const jobs = changes.map((change) => ('put' in change ? change.put.key : change.drop.subject));
  return { answer: toJson(202, { outcome }), outcome, level: 'info', jobs };
}

/** The object in a body; undefined when it is not JSON in UTF-8, or no object. */
function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(UTF8.decode(body)) as unknown;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Tells repeated deliveries. GitHub repeats id and body, and so the signature; with the signature
 * two events are never taken for one, even where ids are not unique, as in emulations of GitHub.
 */
function deliveryKey({ delivery, signature }: DeliveryHead): string {
  return `${delivery}/${signature.slice(-32)}`;
}
