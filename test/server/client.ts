import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export const SECRET = 'a secret of the tests';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export function sign(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The headers of a delivery as GitHub sends them; those given as undefined are left out. */
export function deliveryHeaders(
  body: string | Buffer,
  more: OutgoingHttpHeaders = {},
): OutgoingHttpHeaders {
  return {
    'content-type': 'application/json',
    'x-github-event': 'pull_request',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': sign(body),
    ...more,
  };
}

export interface Sent {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** One request; resolves with its whole reply. */
export async function send(sent: Sent): Promise<Reply> {
  const { port, path = '/api/github/webhooks', method = 'POST', body } = sent;
  const given = Object.entries(sent.headers ?? {}).filter(([, value]) => value !== undefined);
  const headers = Object.fromEntries(given);
  const outgoing = request({
    ...{ port, path, method, headers, host: '127.0.0.1' },
    agent: sent.agent ?? new Agent(),
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [
    NodeJS.ReadableStream & { statusCode: number; headers: IncomingHttpHeaders },
  ];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, body: text };
}

/** A correctly signed delivery. */
export async function deliver(
  port: number,
  payload: unknown,
  headers: OutgoingHttpHeaders = {},
  agent?: Agent,
): Promise<Reply> {
  const body = JSON.stringify(payload);
  const given = deliveryHeaders(body, headers);
  return send({ port, headers: given, body, ...(agent && { agent }) });
}

/** Writes texts to a connection as they are, and reads until the other side closes it. */
export async function sendRaw(port: number, ...texts: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const text of texts) socket.write(text);
  let reply = '';
  socket.on('data', (chunk) => (reply += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return reply;
}

/** A push to pull request 5 of repository 7. */
export function pullRequestPayload(head = 'a', more: Record<string, unknown> = {}) {
  return {
    action: 'opened',
    number: 5,
    installation: { id: 1 },
    repository: { id: 7, name: 'fleet', owner: { login: 'acme' } },
    pull_request: {
      number: 5,
      state: 'open',
      head: { sha: head.padEnd(40, '0') },
      updated_at: '2027-01-02T03:04:05Z',
    },
    ...more,
  };
}
