import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a request gets. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ms during which the rest of a refused request is thrown away, for its sender to read why. */
const LINGER = 2_000;

export function toJson(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return { status, body: `${JSON.stringify(value)}\n`, type: 'application/json', headers };
}

/**
 * Sends an answer, the last one of its connection if `isLast`. When the request has not been read
 * to its end the connection is not used again: what still comes is thrown away for a moment, since
 * a connection closed at once often takes the answer with it, and is then cut.
 */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  isLast: boolean,
): void {
  if (response.destroyed) return;
  const { status, body, type = 'text/plain; charset=utf-8', headers = {} } = answer;
  const isCutShort = !request.complete;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
    ...((isCutShort || isLast) && { connection: 'close' }),
  });
  if (!isCutShort) {
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  response.write(body);
  const finish = () => response.end();
  const timer = setTimeout(finish, LINGER);
  request.once('close', () => {
    clearTimeout(timer);
    finish();
  });
  request.resume();
}
