import { once } from 'node:events';
import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { VerifiedEvent } from '../../src/jobs/intake.ts';
import { createMemoryQueue } from '../../src/jobs/memory.ts';
import { type Queue, StoreError } from '../../src/jobs/queue.ts';
import {
  type RunningServer,
  type ServerOptions,
  startServer,
} from '../../src/server/front-door.ts';
import { createLogger } from '../../src/server/logging.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createWebhooks } from '../../src/webhooks/index.ts';
import { claimOne } from '../jobs/samples.ts';
import {
  deliver,
  deliveryHeaders,
  pullRequestPayload,
  SECRET,
  send,
  sendRaw,
  sign,
} from './client.ts';

const KEY = `review/7@${'a'.padEnd(40, '0')}`;
const DELIVERY = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

let queue: Queue;
let lines: string[];
let events: VerifiedEvent[];
let servers: RunningServer[];
let areWorkersAlive: boolean;

beforeEach(() => {
  queue = createMemoryQueue();
  lines = [];
  events = [];
  servers = [];
  areWorkersAlive = true;
});

afterEach(async () => {
  await Promise.all(servers.map(async (server) => server.close()));
});

interface Changes extends Partial<Pick<ServerOptions, 'queue' | 'limits' | 'webhooks'>> {
  readonly secrets?: readonly string[];
  readonly metricsPort?: number;
  readonly port?: number;
}

async function open(changes: Changes = {}): Promise<RunningServer> {
  const { secrets = [SECRET], metricsPort, port = 0 } = changes;
  const read = createWebhooks({ appId: 99, mayHoldCommand: () => true });
  const store = changes.queue ?? queue;
  // A server that ends writes no line into the next test's log.
  const own = lines;
  const server = await startServer({
    environment: {
      host: '127.0.0.1',
      port,
      webhookSecrets: secrets,
      ...(metricsPort !== undefined && { metricsPort }),
    },
    queue: store,
    webhooks:
      changes.webhooks ??
      ((event) => {
        events.push(event);
        return read(event);
      }),
    workers: { isAlive: () => areWorkersAlive },
    metrics: createMetrics(store),
    log: createLogger({
      level: 'info',
      format: 'json',
      secrets: [],
      destination: { write: (line) => own.push(line) },
    }),
    ...(changes.limits && { limits: changes.limits }),
  });
  servers.push(server);
  return server;
}

/** The log, without what differs from run to run. */
function logged(): Record<string, unknown>[] {
  return lines.map((line) => {
    const entry = JSON.parse(line) as Record<string, unknown>;
    delete entry.time;
    delete entry.address;
    return entry;
  });
}

async function untilLogged(count = 1): Promise<void> {
  while (lines.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function jobs(): Promise<number> {
  const depths = await queue.depth();
  return depths.reduce((sum, { due, delayed, running }) => sum + due + delayed + running, 0);
}

/** The value of a metric with its labels. */
async function metric(server: RunningServer, name: string): Promise<number | undefined> {
  const { body } = await send({ port: server.metricsPort, path: '/metrics', method: 'GET' });
  const line = body.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length));
}

describe('a delivery', () => {
  test('is accepted once its job is stored', async () => {
    const server = await open();
    const reply = await deliver(server.port, pullRequestPayload());
    expect(reply).toMatchObject({ status: 202, body: '{"outcome":"queued"}\n' });
    expect(await jobs()).toBe(1);
    expect(events).toEqual([{ id: DELIVERY, name: 'pull_request', payload: pullRequestPayload() }]);
    expect(logged()).toEqual([
      {
        level: 'info',
        status: 202,
        event: 'pull_request',
        delivery: DELIVERY,
        outcome: 'queued',
        jobs: [KEY],
        message: 'Delivery accepted',
      },
    ]);
    const labels = 'event="pull_request",outcome="queued"';
    expect(await metric(server, `fluxgate_deliveries_total{${labels}}`)).toBe(1);
    expect(await metric(server, 'fluxgate_acknowledgement_seconds_count')).toBe(1);
  });

  test('waits for the store', async () => {
    let stored: (() => void) | undefined;
    const server = await open({
      queue: {
        ...queue,
        apply: async () => {
          await new Promise<void>((resolve) => (stored = resolve));
          return ['queued'];
        },
      },
    });
    let replied = false;
    const reply = deliver(server.port, pullRequestPayload()).finally(() => (replied = true));
    while (stored === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(replied).toBe(false);
    stored();
    expect((await reply).status).toBe(202);
  });

  test('that is repeated is accepted without a second effect', async () => {
    const server = await open();
    await deliver(server.port, pullRequestPayload());
    const reply = await deliver(server.port, pullRequestPayload());
    expect(reply).toMatchObject({ status: 202, body: '{"outcome":"duplicate"}\n' });
    expect(await claimOne(queue, { holder: 'x', milliseconds: 1 })).toMatchObject({
      generation: 1,
    });
  });

  test('with the id of another one is not taken for it', async () => {
    const server = await open();
    await deliver(server.port, pullRequestPayload('a'));
    const reply = await deliver(server.port, pullRequestPayload('b', { number: 6 }));
    expect(reply.body).toBe('{"outcome":"queued"}\n');
  });

  test('that needs no work is answered with the reason', async () => {
    const server = await open();
    const reply = await deliver(server.port, { zen: 'x' }, { 'x-github-event': 'ping' });
    expect(reply).toMatchObject({ status: 200, body: '{"outcome":"ignored","reason":"ping"}\n' });
    expect(logged()).toMatchObject([{ level: 'info', outcome: 'ignored', reason: 'ping' }]);
    expect(await jobs()).toBe(0);
  });

  test.each([
    ['the first', 'old secret'],
    ['the second', 'new secret'],
  ])('may be signed with %s of two secrets', async (_label, secret) => {
    const server = await open({ secrets: ['old secret', 'new secret'] });
    const body = JSON.stringify(pullRequestPayload());
    const signature = { 'x-hub-signature-256': sign(body, secret) };
    const reply = await send({
      port: server.port,
      body,
      headers: deliveryHeaders(body, signature),
    });
    expect(reply.status).toBe(202);
  });

  test('may come in chunks, with a character cut in two', async () => {
    const server = await open();
    const body = Buffer.from(JSON.stringify(pullRequestPayload('a', { title: 'Ünïcödé' })));
    const cut = body.indexOf(0xc3) + 1;
    const outgoing = request({
      port: server.port,
      path: '/api/github/webhooks',
      method: 'POST',
      headers: deliveryHeaders(body),
    });
    outgoing.write(body.subarray(0, cut));
    await new Promise((resolve) => setTimeout(resolve, 20));
    outgoing.end(body.subarray(cut));
    const [response] = (await once(outgoing, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(202);
    expect(events[0]?.payload.title).toBe('Ünïcödé');
  });

  test('may ask before it sends its body', async () => {
    const server = await open();
    const body = JSON.stringify(pullRequestPayload());
    const headers = deliveryHeaders(body, { expect: '100-continue' });
    const outgoing = request({
      port: server.port,
      path: '/api/github/webhooks',
      method: 'POST',
      headers,
    });
    outgoing.flushHeaders();
    await once(outgoing, 'continue');
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(202);
  });

  test('of many at a time is each stored once', async () => {
    const server = await open();
    const replies = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const pull = { ...pullRequestPayload(`${index}f`).pull_request, number: index + 1 };
        return deliver(server.port, pullRequestPayload('', { pull_request: pull }), {
          'x-github-delivery': `d-${index}`,
        });
      }),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await jobs()).toBe(50);
  });
});

describe('a bad delivery is refused with one line in the log', () => {
  const BODY = JSON.stringify({ marker: 'BODY-TEXT' });
  const CASES: [string, OutgoingHttpHeaders, string | Buffer, number, string][] = [
    [
      'without signature',
      { 'x-hub-signature-256': undefined },
      BODY,
      401,
      'X-Hub-Signature-256 is missing: the App has no webhook secret',
    ],
    [
      'with a signature of another secret',
      { 'x-hub-signature-256': sign(BODY, 'wrong') },
      BODY,
      401,
      'the signature was not made with the webhook secret',
    ],
    [
      'with the signature of another body',
      { 'x-hub-signature-256': sign('{}') },
      BODY,
      401,
      'the signature was not made with the webhook secret',
    ],
    ...[
      '',
      'sha256=',
      'sha256=zz',
      sign(BODY).toUpperCase(),
      sign(BODY).slice(7),
      `${sign(BODY)} `.repeat(2),
    ].map((signature): [string, OutgoingHttpHeaders, string, number, string] => [
      `with the signature ${JSON.stringify(signature.slice(0, 20))}`,
      { 'x-hub-signature-256': signature },
      BODY,
      401,
      'the signature was not made with the webhook secret',
    ]),
    [
      'with the old kind of signature alone',
      { 'x-hub-signature-256': undefined, 'x-hub-signature': 'sha1=00' },
      BODY,
      401,
      'X-Hub-Signature-256 is missing: the App has no webhook secret',
    ],
    [
      'with two signatures',
      { 'x-hub-signature-256': [sign(BODY), sign(BODY)] },
      BODY,
      401,
      'X-Hub-Signature-256 is missing: the App has no webhook secret',
    ],
    [
      'as a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      BODY,
      415,
      "the content type is not JSON: choose it in the App's settings",
    ],
    [
      'without content type',
      { 'content-type': undefined },
      BODY,
      415,
      "the content type is not JSON: choose it in the App's settings",
    ],
    ['packed', { 'content-encoding': 'gzip' }, BODY, 415, 'the body is encoded'],
    [
      'without event',
      { 'x-github-event': undefined },
      BODY,
      400,
      'X-GitHub-Event is missing or not the name of an event',
    ],
    [
      'with an event that is none',
      { 'x-github-event': 'pull request\u00e9' },
      BODY,
      400,
      'X-GitHub-Event is missing or not the name of an event',
    ],
    [
      'with two events',
      { 'x-github-event': ['push', 'push'] },
      BODY,
      400,
      'X-GitHub-Event is missing or not the name of an event',
    ],
    [
      'without id',
      { 'x-github-delivery': undefined },
      BODY,
      400,
      'X-GitHub-Delivery is missing or not an id',
    ],
    [
      'with an endless id',
      { 'x-github-delivery': 'x'.repeat(65) },
      BODY,
      400,
      'X-GitHub-Delivery is missing or not an id',
    ],
    [
      'with two ids',
      { 'x-github-delivery': ['a', 'a'] },
      BODY,
      400,
      'X-GitHub-Delivery is missing or not an id',
    ],
    ...['', 'BODY-TEXT', '{"a":', '[]', '"x"', 'null', '1'].map(
      (body): [string, OutgoingHttpHeaders, string, number, string] => [
        `with the body ${JSON.stringify(body)}`,
        {},
        body,
        400,
        'the body is not a JSON object',
      ],
    ),
    [
      'with bytes that are no UTF-8',
      {},
      Buffer.from('{"a":"\xff"}', 'latin1'),
      400,
      'the body is not a JSON object',
    ],
    [
      "with a shape that is not GitHub's",
      {},
      JSON.stringify({ action: 'opened', installation: {}, marker: 'BODY-TEXT' }),
      422,
      'unexpected value of installation.id, repository, pull_request',
    ],
  ];

  test.each(CASES)('%s', async (_label, headers, body, status, reason) => {
    const server = await open();
    const reply = await send({ port: server.port, headers: deliveryHeaders(body, headers), body });
    expect(reply).toMatchObject({ status, body: `${JSON.stringify({ error: reason })}\n` });
    expect(logged()).toMatchObject([{ status, reason, message: 'Delivery refused' }]);
    expect(lines.length).toBe(1);
    expect(lines[0]).not.toContain('BODY-TEXT');
    expect(lines[0]).not.toContain(SECRET);
    expect(lines[0]).not.toContain(sign(body).slice(7));
    expect(await jobs()).toBe(0);
    expect((await deliver(server.port, pullRequestPayload())).status).toBe(202);
  });

  test('and no name that a stranger made up becomes a label', async () => {
    const server = await open();
    await send({
      port: server.port,
      headers: deliveryHeaders('{}', { 'x-github-event': 'made_up', 'x-hub-signature-256': 'x' }),
      body: '{}',
    });
    const { body } = await send({ port: server.port, path: '/metrics', method: 'GET' });
    expect(body).not.toContain('made_up');
    expect(body).toContain('fluxgate_deliveries_total{event="unverified",outcome="refused"} 1');
  });
});

describe('a body that is too large', () => {
  const limits = { body: 1_000, allBodies: 10_000 };

  test('is refused by its announced length before it is sent', async () => {
    const server = await open({ limits });
    const head = [
      'POST /api/github/webhooks HTTP/1.1',
      'host: x',
      'content-type: application/json',
      'x-github-event: push',
      'x-github-delivery: d',
      `x-hub-signature-256: ${sign('')}`,
      'content-length: 1001',
    ];
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(reply.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(reply.toString()).toContain('connection: close');
    socket.destroy();
    expect(logged()).toMatchObject([
      { status: 413, reason: 'the body is larger than any delivery of GitHub' },
    ]);
  });

  test('is refused before it is sent when the sender asks first', async () => {
    const server = await open({ limits });
    const body = 'x'.repeat(1_001);
    const outgoing = request({
      port: server.port,
      path: '/api/github/webhooks',
      method: 'POST',
      headers: deliveryHeaders(body, { expect: '100-continue', 'content-length': 1_001 }),
    });
    outgoing.flushHeaders();
    outgoing.on('continue', () => expect.unreachable());
    const [response] = (await once(outgoing, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    outgoing.destroy();
  });

  test('is refused when it grows past the limit without saying its length', async () => {
    const server = await open({ limits });
    const body = 'x'.repeat(5_000);
    const headers = deliveryHeaders(body, { 'transfer-encoding': 'chunked' });
    const reply = await send({ port: server.port, headers, body });
    expect(reply.status).toBe(413);
    expect(logged()).toMatchObject([{ status: 413, outcome: 'refused' }]);
  });

  test('of exactly the limit is taken', async () => {
    const server = await open({ limits });
    const { length } = JSON.stringify(pullRequestPayload('a', { pad: '' }));
    const payload = pullRequestPayload('a', { pad: 'x'.repeat(1_000 - length) });
    expect((await deliver(server.port, payload)).status).toBe(202);
    const larger = pullRequestPayload('a', { pad: 'x'.repeat(1_001 - length) });
    expect((await deliver(server.port, larger)).status).toBe(413);
  });

  test('in one connection does not spoil the next request', async () => {
    const server = await open({ limits });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const body = 'x'.repeat(1_001);
    expect(
      (await send({ port: server.port, headers: deliveryHeaders(body), body, agent })).status,
    ).toBe(413);
    expect((await deliver(server.port, pullRequestPayload(), {}, agent)).status).toBe(202);
    agent.destroy();
  });
});

test('when bodies take too much memory together, the largest is refused, small ones get through', async () => {
  const server = await open({ limits: { body: 100_000, allBodies: 150_000 } });
  const big = [70_000, 90_000].map((length) => {
    const body = 'x'.repeat(length);
    const outgoing = request({
      port: server.port,
      path: '/api/github/webhooks',
      method: 'POST',
      headers: deliveryHeaders(body, { 'content-length': 100_000 }),
    });
    outgoing.write(body);
    return outgoing;
  });
  const first = await Promise.race(
    big.map(async (outgoing) => (await once(outgoing, 'response')) as [{ statusCode: number }]),
  );
  expect(first[0].statusCode).toBe(503);
  expect((await deliver(server.port, pullRequestPayload())).status).toBe(202);
  expect(logged()[0]).toMatchObject({ status: 503, reason: 'too many large bodies at a time' });
  for (const outgoing of big) outgoing.on('error', () => undefined).destroy();
});

describe('a connection', () => {
  const HEAD = `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: push\r\nx-github-delivery: d\r\nx-hub-signature-256: ${sign('{}')}\r\n`;

  test('that ends within a body leaves one line', async () => {
    const server = await open();
    const socket = connect(server.port, '127.0.0.1');
    socket.end(`${HEAD}content-length: 100\r\n\r\n{"a"`);
    await untilLogged();
    expect(logged()).toMatchObject([
      { status: 400, reason: 'the connection ended before the body did', delivery: 'd' },
    ]);
    expect((await deliver(server.port, pullRequestPayload())).status).toBe(202);
  });

  test('that is cut within a body leaves one line', async () => {
    const server = await open();
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${HEAD}content-length: 100\r\nexpect: 100-continue\r\n\r\n`);
    // The server waits for the body: a reset may overtake what was sent before it.
    await once(socket, 'data');
    socket.write('{"a"');
    socket.resetAndDestroy();
    await untilLogged();
    expect(logged()).toMatchObject([{ reason: 'the connection ended before the body did' }]);
  });

  test('that sends its head too slowly is told and closed', async () => {
    const server = await open({ limits: { headTime: 50 } });
    const reply = await sendRaw(server.port, 'POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\n');
    expect(reply).toMatch(/^HTTP\/1\.1 408 /);
    expect(logged()).toEqual([
      { level: 'warn', status: 408, code: 'ERR_HTTP_REQUEST_TIMEOUT', message: 'Request refused' },
    ]);
  });

  test('that sends its body too slowly is told and closed, with one line', async () => {
    // The head itself is in time, also on a busy machine.
    const server = await open({ limits: { headTime: 1_500, requestTime: 1_500 } });
    const reply = await sendRaw(server.port, `${HEAD}content-length: 100\r\n\r\n`, '{"a"');
    expect(reply).toMatch(/^HTTP\/1\.1 408 /);
    await untilLogged();
    expect(logged()).toMatchObject([
      { status: 400, reason: 'the connection ended before the body did' },
    ]);
  });

  test.each([
    ['noise', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
    ['two lengths', `${HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400],
    [
      'a length and chunks',
      `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a length that is none', `${HEAD}content-length: -1\r\n\r\n{}`, 400],
    ['an endless head', `${HEAD}x-pad: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('that sends %s is told and closed', async (_label, text, status) => {
    const server = await open();
    expect(await sendRaw(server.port, text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(lines.length).toBe(1);
    expect(logged()).toMatchObject([{ level: 'warn', status }]);
    expect((await deliver(server.port, pullRequestPayload())).status).toBe(202);
  });

  test('that sends broken chunks is told, with one line', async () => {
    const server = await open();
    await sendRaw(server.port, `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`);
    await untilLogged();
    expect(lines.length).toBe(1);
    expect((await deliver(server.port, pullRequestPayload())).status).toBe(202);
  });

  test('beyond the number that is allowed is not served', async () => {
    const server = await open({ limits: { connections: 1 } });
    const first = connect(server.port, '127.0.0.1');
    await once(first, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await sendRaw(server.port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')).toBe('');
    first.destroy();
  });
});

describe('a store that fails', () => {
  function failing(code: 'full' | 'read-only'): Queue {
    return {
      ...queue,
      apply: () => Promise.reject(new StoreError(code, 'The job store has no space left.')),
      check: () => Promise.reject(new StoreError(code, 'The job store has no space left.')),
      depth: () => Promise.reject(new StoreError(code, 'The job store has no space left.')),
    };
  }

  test('asks GitHub to come again later', async () => {
    const server = await open({ queue: failing('full') });
    const reply = await deliver(server.port, pullRequestPayload());
    expect(reply).toMatchObject({
      status: 503,
      headers: { 'retry-after': '30' },
      body: '{"error":"the job store is not available"}\n',
    });
    expect(logged()).toMatchObject([
      {
        level: 'error',
        status: 503,
        outcome: 'failed',
        error: { name: 'StoreError', code: 'full', message: 'The job store has no space left.' },
      },
    ]);
  });

  test('makes the server not ready, and shows in the metrics', async () => {
    const server = await open({ queue: failing('read-only') });
    const ready = await send({ port: server.port, path: '/readyz', method: 'GET' });
    expect(ready).toMatchObject({
      status: 503,
      body: '{"ready":false,"draining":false,"store":"failing","workers":"ok"}\n',
    });
    expect(await metric(server, 'fluxgate_job_store_up')).toBe(0);
  });
});

test('a fault of ours is answered and logged, and the server goes on', async () => {
  let calls = 0;
  const server = await open({
    webhooks: () => {
      calls += 1;
      if (calls === 1) throw new TypeError('ours');
      return { ignored: 'x' };
    },
  });
  expect(await deliver(server.port, {})).toMatchObject({
    status: 500,
    body: '{"error":"internal error"}\n',
  });
  expect(logged()).toMatchObject([{ level: 'error', message: 'Request failed' }]);
  expect((await deliver(server.port, {})).status).toBe(200);
});

describe('health and metrics', () => {
  test.each<[string, string, number, string]>([
    ['GET', '/healthz', 200, 'ok\n'],
    ['HEAD', '/healthz', 200, ''],
    ['GET', '/healthz?verbose', 200, 'ok\n'],
    ['GET', '/readyz', 200, '{"ready":true,"draining":false,"store":"ok","workers":"ok"}\n'],
    ['POST', '/healthz', 405, '{"error":"no such method here"}\n'],
    ['GET', '/api/github/webhooks', 405, '{"error":"no such method here"}\n'],
    ['PUT', '/api/github/webhooks', 405, '{"error":"no such method here"}\n'],
    ['OPTIONS', '/metrics', 405, '{"error":"no such method here"}\n'],
    ['GET', '/', 404, '{"error":"no such path"}\n'],
    ['POST', '/api/github/webhooks/', 404, '{"error":"no such path"}\n'],
    ['GET', '/constructor', 404, '{"error":"no such path"}\n'],
    ['GET', '/__proto__', 404, '{"error":"no such path"}\n'],
    ['GET', '//healthz', 404, '{"error":"no such path"}\n'],
  ])('%s %s', async (method, path, status, body) => {
    const server = await open();
    expect(await send({ port: server.port, path, method })).toMatchObject({ status, body });
    expect(lines).toEqual([]);
  });

  test('a wrong method names the right one', async () => {
    const server = await open();
    const reply = await send({ port: server.port, method: 'GET' });
    expect(reply.headers.allow).toBe('POST');
  });

  test('workers that have stopped make the server not ready', async () => {
    const server = await open();
    areWorkersAlive = false;
    const reply = await send({ port: server.port, path: '/readyz', method: 'GET' });
    expect(reply).toMatchObject({
      status: 503,
      body: '{"ready":false,"draining":false,"store":"ok","workers":"stopped or without store"}\n',
    });
  });

  test('asking for readiness often does not write to the disk as often', async () => {
    let checks = 0;
    const server = await open({
      queue: {
        ...queue,
        check: () => {
          checks += 1;
          return Promise.resolve();
        },
      },
    });
    const ask = async () => send({ port: server.port, path: '/readyz', method: 'GET' });
    await Promise.all(Array.from({ length: 20 }, ask));
    expect(checks).toBeLessThan(20);
  });

  test('metrics tell the jobs in the store', async () => {
    const server = await open();
    await deliver(server.port, pullRequestPayload());
    expect(await metric(server, 'fluxgate_jobs{kind="review",state="due"}')).toBe(1);
    expect(await metric(server, 'fluxgate_jobs{kind="review",state="running"}')).toBe(0);
    await claimOne(queue, { holder: 'x', milliseconds: 1_000 });
    expect(await metric(server, 'fluxgate_jobs{kind="review",state="running"}')).toBe(1);
    expect(await metric(server, 'process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  test('metrics may have a port of their own, with health but without webhooks', async () => {
    const server = await open({ metricsPort: 0 });
    expect(server.metricsPort).not.toBe(server.port);
    const status = async (port: number, path: string, method = 'GET') =>
      (await send({ port, path, method })).status;
    expect(await status(server.port, '/metrics')).toBe(404);
    expect(await status(server.port, '/healthz')).toBe(200);
    expect(await status(server.metricsPort, '/metrics')).toBe(200);
    expect(await status(server.metricsPort, '/readyz')).toBe(200);
    expect(await status(server.metricsPort, '/api/github/webhooks', 'POST')).toBe(404);
  });
});

describe('stopping', () => {
  test('answers what is under way, takes no more, and says that it is not ready', async () => {
    let stored: (() => void) | undefined;
    const server = await open({
      metricsPort: 0,
      queue: {
        ...queue,
        apply: async (batch) => {
          await new Promise<void>((resolve) => (stored = resolve));
          return queue.apply(batch);
        },
      },
    });
    const reply = deliver(server.port, pullRequestPayload());
    while (stored === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    const drained = server.drain();
    await expect(deliver(server.port, pullRequestPayload('b'))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    const ready = await send({ port: server.metricsPort, path: '/readyz', method: 'GET' });
    expect(ready).toMatchObject({
      status: 503,
      body: '{"ready":false,"draining":true,"store":"ok","workers":"ok"}\n',
    });
    stored();
    expect(await reply).toMatchObject({ status: 202, headers: { connection: 'close' } });
    await drained;
    expect(await jobs()).toBe(1);
    await server.close();
    await expect(
      send({ port: server.metricsPort, path: '/healthz', method: 'GET' }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('does not wait for idle connections', async () => {
    const server = await open();
    const agent = new Agent({ keepAlive: true });
    await deliver(server.port, pullRequestPayload(), {}, agent);
    await server.close();
    agent.destroy();
  });
});

test('an address that is taken is an error, and nothing stays open', async () => {
  const first = await open();
  await expect(open({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await expect(open({ metricsPort: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
