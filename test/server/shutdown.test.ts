import { EventEmitter } from 'node:events';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { stopOnSignals } from '../../src/server/shutdown.ts';

let signals: EventEmitter;
let codes: number[];
let words: string[];

beforeEach(() => {
  vi.useFakeTimers();
  signals = new EventEmitter();
  codes = [];
  words = [];
});

afterEach(() => vi.useRealTimers());

function arrange(stop: () => Promise<void>): void {
  const say = (_fields: unknown, text?: string) => words.push(text ?? String(_fields));
  const log = { info: say, warn: say, error: say } as never;
  const exit = (code: number) => codes.push(code);
  stopOnSignals({ stop, deadline: 1_000, log, signals, exit });
}

test.each(['SIGTERM', 'SIGINT'])('%s stops, then exits with 0', async (signal) => {
  let finish: (() => void) | undefined;
  arrange(() => new Promise<void>((resolve) => (finish = resolve)));
  signals.emit(signal, signal);
  expect(codes).toEqual([]);
  finish?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(codes).toEqual([0]);
  expect(words).toEqual(['Stopping', 'Stopped']);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
])('a second signal, %s, exits at once', (signal, code) => {
  arrange(() => new Promise(() => undefined));
  signals.emit('SIGTERM', 'SIGTERM');
  signals.emit(signal, signal);
  expect(codes).toEqual([code]);
});

test('stopping that takes too long exits with 1', async () => {
  arrange(() => new Promise(() => undefined));
  signals.emit('SIGTERM', 'SIGTERM');
  await vi.advanceTimersByTimeAsync(999);
  expect(codes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(codes).toEqual([1]);
  expect(words).toEqual(['Stopping', 'Stopping took too long']);
});

test('stopping that fails exits with 1', async () => {
  arrange(() => Promise.reject(new Error('x')));
  signals.emit('SIGINT', 'SIGINT');
  await vi.advanceTimersByTimeAsync(0);
  expect(codes).toEqual([1]);
  expect(words).toEqual(['Stopping', 'Stopping failed']);
});
