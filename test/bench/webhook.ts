/**
 * How fast a webhook is acknowledged, with its job on disk, and what memory the server takes.
 * The server is a process of its own, as compiled; this one is the client.
 *
 *     npx tsx test/bench/webhook.ts
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

import { WEBHOOK_PATH } from '../../src/server/front-door.ts';
import { deliveryHeaders, sign } from '../server/client.ts';
import { compile } from './compile.ts';

/** One figure of a bench. `met` is absent where there is no target. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: string;
  readonly met?: boolean;
}

const SECRET = 'bench secret';
const PAYLOAD_SIZE = 25_000;
const WARM_UP = 300;
const SEQUENTIAL = 1_000;
const CONCURRENT = 2_500;
/** The best counts: what else the machine does in the meantime is not measured. */
const ROUNDS = 3;
const CONCURRENCY = 50;
const LONGEST_P99 = 60;
const LARGEST_IDLE = 120;
/** Ms without requests before memory is read. */
const REST = 2_000;

/** Deliveries of GitHub's usual size: sequentially, then 50 at a time. Takes some ten seconds. */
export async function benchWebhook(): Promise<Row[]> {
  const folder = compile('src/model', 'src/jobs', 'src/server', 'src/webhooks', 'test/bench');
  const script = join(folder, 'test/bench/webhook-server.js');
  const server = fork(script, [join(folder, 'store'), SECRET], { execArgv: [] });
  try {
    const { port } = await messageOf<{ port: number }>(server);
    const idle = await restingUsage(server);
    await deliverAll(port, WARM_UP, CONCURRENCY);
    const sequential = await deliverAll(port, SEQUENTIAL, 1);
    const begin = await usageOf(server);
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await deliverAll(port, CONCURRENT, CONCURRENCY));
    }
    const end = await usageOf(server);
    const after = await restingUsage(server);
    const processor = (end.processor - begin.processor) / (CONCURRENT * ROUNDS);
    const concurrent = best(rounds);
    const total = WARM_UP + SEQUENTIAL + CONCURRENT * ROUNDS;
    return [
      { name: 'acknowledgement, sequential, p50', ...milliseconds(sequential, 0.5) },
      { name: 'acknowledgement, sequential, p99', ...milliseconds(sequential, 0.99) },
      {
        name: 'acknowledgement, 50 concurrent, best round of 3, p50',
        ...milliseconds(concurrent, 0.5),
      },
      {
        name: 'acknowledgement, 50 concurrent, best round of 3, p99',
        ...atMost(milliseconds(concurrent, 0.99), LONGEST_P99),
      },
      {
        name: 'processor time of the server, 50 concurrent, mean',
        value: round(processor),
        unit: 'ms',
      },
      { name: 'server memory, idle', ...atMost(megabytes(idle), LARGEST_IDLE) },
      {
        name: `server memory, after ${total} deliveries`,
        ...megabytes(after),
      },
    ];
  } finally {
    server.kill();
    await once(server, 'exit');
    rmSync(folder, { recursive: true });
  }
}

type Figure = Pick<Row, 'value' | 'unit'>;

function atMost(figure: Figure, most: number): Omit<Row, 'name'> {
  return { ...figure, target: `under ${most} ${figure.unit}`, met: figure.value < most };
}

function milliseconds(times: readonly number[], share: number): Figure {
  return { value: round(percentile(times, share)), unit: 'ms' };
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The round whose slowest were fastest. */
function best(rounds: readonly number[][]): readonly number[] {
  const sorted = rounds.toSorted((a, b) => percentile(a, 0.99) - percentile(b, 0.99));
  return sorted[0] ?? [];
}

function megabytes({ memory }: Usage): Figure {
  return { value: Math.round(memory / 1e6), unit: 'MB' };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Of the server so far. */
interface Usage {
  /** Bytes, resident. */
  readonly memory: number;
  /** Ms. */
  readonly processor: number;
}

async function usageOf(server: ChildProcess): Promise<Usage> {
  const answer = messageOf<Usage>(server);
  server.send('usage');
  return answer;
}

async function restingUsage(server: ChildProcess): Promise<Usage> {
  await wait(REST);
  return usageOf(server);
}

async function messageOf<Message>(server: ChildProcess): Promise<Message> {
  const [message] = (await once(server, 'message')) as [Message];
  return message;
}

let lastNumber = 0;

/** Sends so many deliveries, each a push to a pull request of its own; ms that each took. */
async function deliverAll(port: number, count: number, concurrency: number): Promise<number[]> {
  const deliveries = Array.from({ length: count }, () => toRequest((lastNumber += 1)));
  const times: number[] = [];
  async function sendSome(): Promise<void> {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    await once(socket, 'connect');
    for (let next = deliveries.pop(); next !== undefined; next = deliveries.pop()) {
      const begin = performance.now();
      socket.write(next);
      const [reply] = (await once(socket, 'data')) as [Buffer];
      times.push(performance.now() - begin);
      if (!reply.includes('HTTP/1.1 202')) throw new Error(`Not accepted: ${reply.toString()}`);
    }
    socket.destroy();
  }
  await Promise.all(Array.from({ length: concurrency }, sendSome));
  return times;
}

/**
 * A whole request, made beforehand: an HTTP client takes as long as the server that it measures.
 * The replies are short enough to come in one piece.
 */
function toRequest(number: number): Buffer {
  const payload = {
    action: 'synchronize',
    number,
    installation: { id: 1 },
    repository: { id: 7, name: 'fleet', owner: { login: 'acme' } },
    pull_request: {
      number,
      state: 'open',
      head: { sha: number.toString(16).padStart(40, '0') },
      updated_at: '2027-01-02T03:04:05Z',
      rest: '',
    },
  };
  payload.pull_request.rest = 'x'.repeat(PAYLOAD_SIZE - JSON.stringify(payload).length);
  const body = JSON.stringify(payload);
  const headers = {
    host: 'localhost',
    'content-length': body.length,
    ...deliveryHeaders(body, {
      'x-github-delivery': `d-${number}`,
      'x-hub-signature-256': sign(body, SECRET),
    }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  const head = [`POST ${WEBHOOK_PATH} HTTP/1.1`, ...lines].join('\r\n');
  return Buffer.from(`${head}\r\n\r\n${body}`);
}

if (process.argv[1] === import.meta.filename) {
  const rows = await benchWebhook();
  for (const { name, value, unit, target, met } of rows) {
    const verdict = target === undefined ? '' : ` (${target}: ${met === true ? 'met' : 'missed'})`;
    console.log(`${name}: ${value} ${unit}${verdict}`);
  }
}
