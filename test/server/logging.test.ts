import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import type { Claim, Outcome } from '../../src/jobs/queue.ts';
import type { Ending } from '../../src/jobs/run-job.ts';
import type { WorkerEvent } from '../../src/jobs/worker.ts';
import { Permanent, type PermanentCode } from '../../src/model/errors.ts';
import { createJobLog } from '../../src/server/job-log.ts';
import { createLogger, type LoggingOptions } from '../../src/server/logging.ts';

function open(options: Partial<LoggingOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const log = createLogger({
    level: 'debug',
    format: 'json',
    secrets: [],
    destination,
    ...options,
  });
  return { log, lines, text: () => lines.join('') };
}

function parsed(lines: readonly string[]): Record<string, unknown>[] {
  return lines.map((line) => {
    const entry = JSON.parse(line) as Record<string, unknown>;
    delete entry.time;
    return entry;
  });
}

describe('secrets are hidden', () => {
  test('in fields that are known to hold them', () => {
    const { log, lines } = open();
    log.info({ authorization: 'x', headers: { authorization: 'y' }, app: { token: 'z' } }, 'm');
    expect(parsed(lines)).toEqual([
      {
        level: 'info',
        authorization: '[hidden]',
        headers: { authorization: '[hidden]' },
        app: { token: '[hidden]' },
        message: 'm',
      },
    ]);
  });

  test('by their value, anywhere', () => {
    const { log, text } = open({ secrets: ['top "secret"\n', 'short'] });
    log.info({ a: { b: { c: { d: 'it is top "secret"\n!' } } } }, 'top "secret"\n');
    log.error({ error: new Error('top "secret"\n and short') }, 'm');
    expect(text()).not.toContain('secret');
    expect(text()).toContain('[hidden] and short');
  });

  test.each([
    ['an installation token', 'ghs_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['a personal token', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['a fine-grained token', 'github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz'],
    ['a web token', `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI5OSJ9.c2lnbmF0dXJl`],
  ])('by their form: %s', (_label, secret) => {
    const { log, text } = open();
    log.info({ url: `https://x-access-token:${secret}@github.com/` }, `got ${secret}, thanks`);
    expect(text()).not.toContain(secret.slice(4, 20));
    expect(text()).toContain('got [hidden], thanks');
  });

  test('by their form: a private key, whole or cut off', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
    const { log, lines, text } = open();
    log.info({ whole: pem, cut: pem.slice(0, 400) }, 'm');
    expect(text()).not.toContain(pem.split('\n')[3]);
    expect(parsed(lines)).toMatchObject([{ cut: '[hidden]', message: 'm' }]);
  });

  test('in errors that carry the request they failed with', () => {
    const error = Object.assign(new Error('Bad credentials'), {
      status: 401,
      request: { headers: { authorization: 'token THE-TOKEN' }, body: 'THE-BODY' },
      response: { data: 'THE-DATA' },
      cause: Object.assign(new Error('inner'), { code: 'EX', request: 'THE-REQUEST' }),
    });
    const { log, lines, text } = open();
    log.error({ error }, 'm');
    expect(parsed(lines)).toMatchObject([
      {
        level: 'error',
        error: {
          name: 'Error',
          message: 'Bad credentials',
          status: 401,
          cause: { message: 'inner', code: 'EX' },
        },
      },
    ]);
    // Words that the place of this file, which the stack tells, does not hold by chance.
    for (const part of ['TOKEN', 'BODY', 'DATA', 'REQUEST']) {
      expect(text()).not.toContain(`THE-${part}`);
    }
  });
});

test('an error may be its own cause, or no error at all', () => {
  const { log, lines } = open();
  const error = new Error('loop');
  error.cause = error;
  log.error({ error }, 'm');
  log.error({ error: 'text' }, 'm');
  log.error({ error: undefined }, 'm');
  expect(parsed(lines)).toMatchObject([
    { error: { cause: { cause: { message: 'loop' } } } },
    { error: { name: 'string', message: 'text' } },
    { message: 'm' },
  ]);
});

test('lines below the level are not written', () => {
  const { log, lines } = open({ level: 'warn' });
  log.info('no');
  log.warn('yes');
  expect(parsed(lines)).toEqual([{ level: 'warn', message: 'yes' }]);
});

test('the pretty form is one line for people, which nobody else can forge', () => {
  const { log, text } = open({ format: 'pretty' });
  log.info({ job: 'review/7', jobs: ['a'], hostile: 'x\n\u001b[2J\u0007' }, 'Job\ndone');
  // eslint-disable-next-line no-control-regex -- colours depend on the terminal of the test run
  const plain = text().replace(/\u001b\[\d+m/g, '');
  expect(plain.replace(/^[\d:.]{12}/, 'TIME')).toBe(
    'TIME info  Job\\ndone job=review/7 jobs=["a"] hostile=x\\n\\u001b[2J\\u0007\n',
  );
});

test('the pretty form shows errors with their causes', () => {
  const { log, text } = open({ format: 'pretty' });
  log.error({ error: new Error('outer', { cause: new Error('inner') }) }, 'Oh');
  expect(text()).toMatch(/Oh\n {2}Error: outer\n {6}at [^]*\n {2}because of\n {2}Error: inner\n/);
});

describe('what workers tell', () => {
  const claim: Claim = {
    ...{ key: 'review/7@a', kind: 'review', lane: 'installation/1', payload: {}, holder: 'h' },
    ...{ subjects: ['pull/7/5'], generation: 1, token: 1, attempts: 2, postponed: 0 },
  };
  const DONE: Outcome = { kind: 'done' };
  const AGAIN: Outcome = { kind: 'retry', at: Date.UTC(2027, 0, 1), counts: true };

  function tell(...events: WorkerEvent[]) {
    const { log, lines } = open();
    const measured: unknown[] = [];
    const report = createJobLog(log, { jobEnded: (...values) => measured.push(values) });
    for (const event of events) report(event);
    return { lines: parsed(lines), measured };
  }

  function ended(ending: Ending, outcome = DONE, error?: unknown): WorkerEvent {
    return {
      type: 'ended',
      claim,
      ending,
      outcome,
      milliseconds: 1_234.5,
      ...(error !== undefined && { error }),
    };
  }

  test('of a job that is done', () => {
    expect(tell(ended('done'))).toEqual({
      lines: [
        { level: 'info', job: 'review/7@a', attempt: 2, milliseconds: 1_235, message: 'Job done' },
      ],
      measured: [['review', 'done', 1.2345]],
    });
  });

  test('of a job that is tried again, when', () => {
    expect(tell(ended('retried', AGAIN, new Error('x'))).lines).toMatchObject([
      { level: 'warn', again: '2027-01-01T00:00:00.000Z', error: { message: 'x' } },
    ]);
  });

  test.each<[Ending, PermanentCode, string]>([
    ['given-up', 'gone', 'info'],
    ['untold', 'gone', 'info'],
    ['given-up', 'forbidden', 'warn'],
    ['untold', 'forbidden', 'warn'],
    ['given-up', 'refused', 'error'],
    ['given-up', 'limit', 'error'],
    ['told', 'forbidden', 'info'],
  ])('of a job that is %s for what is %s at level %s', (ending, code, level) => {
    const error = new Permanent(code, 'why');
    expect(tell(ended(ending, DONE, error)).lines).toMatchObject([
      { level, error: { message: 'why', code } },
    ]);
  });

  test.each<[Ending, string]>([
    ['told', 'info'],
    ['given-up', 'error'],
    ['untold', 'error'],
    ['unreadable', 'error'],
    ['interrupted', 'debug'],
    ['released', 'info'],
    ['lost', 'warn'],
  ])('of a job that is %s at level %s', (ending, level) => {
    expect(tell(ended(ending))).toMatchObject({
      lines: [{ level }],
      measured: [['review', ending, 1.2345]],
    });
  });

  test('of the start and of the store', () => {
    const { lines, measured } = tell(
      { type: 'started', claim },
      { type: 'store-failed', error: new Error('full') },
      { type: 'store-recovered' },
    );
    expect(lines).toMatchObject([
      { level: 'debug', job: 'review/7@a', attempt: 2, subjects: ['pull/7/5'] },
      { level: 'error', message: 'Job store failed', error: { message: 'full' } },
      { level: 'info', message: 'Job store answers again' },
    ]);
    expect(measured).toEqual([]);
  });
});
