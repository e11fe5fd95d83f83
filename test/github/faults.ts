import { setTimeout as sleep } from 'node:timers/promises';

import type { Answer } from './http/answer.ts';

/**
 * What goes wrong.
 * - `answer`: this answer instead of the real one
 * - `hang`: never an answer
 * - `reset`: the connection is reset
 * - `cut`: the connection ends in the middle of the answer
 * - `garble`: a whole answer whose JSON ends in the middle
 * - `delay`: the real answer, later
 */
export type Failure =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'hang' | 'reset' | 'cut' | 'garble' }
  | { readonly kind: 'delay'; readonly milliseconds: number };

export interface Fault {
  /** Any method when absent. */
  readonly method?: string;
  /** The path without the API's base path and query; `*` stands for one segment, `**` for any. */
  readonly path: string;
  readonly failure: Failure;
  /** How many requests fail. Default 1; `Infinity` until removed. */
  readonly times?: number;
  /** How many matching requests pass before. Default 0. */
  readonly skip?: number;
  /**
   * `after`: the request takes effect and only its answer is lost, as when a proxy gives up: the
   * caller cannot know. Default `before`: nothing happens.
   */
  readonly when?: 'before' | 'after';
}

export interface ActiveFault {
  /** How many requests have failed by it. */
  readonly hits: () => number;
  remove(): void;
}

/** What happens to the next webhook of an event. */
export type DeliveryFault = 'drop' | 'duplicate' | 'hold';

export interface Faults {
  add(fault: Fault): ActiveFault;
  /** Takes all faults away, and lets go what is held. */
  clear(): void;
  /**
   * Meddles with the next webhooks of an event (`pull_request`, or `pull_request.opened`).
   * `drop`: recorded as failed, never sent. `duplicate`: sent twice with one id. `hold`: kept until
   * {@link releaseDeliveries}, which sends the newest first.
   */
  deliveries(event: string, fault: DeliveryFault, times?: number): void;
  releaseDeliveries(): void;
  /** From now on no test merge comes to an end, until the returned function is called. */
  holdTestMerges(): () => void;
}

/** The side that the server and the webhooks ask. */
export interface FaultSource extends Faults {
  take(method: string, path: string): Fault | undefined;
  takeDelivery(event: string, action: string | undefined): DeliveryFault | undefined;
  hold(send: () => void): void;
  testMergesMayEnd(): Promise<void>;
}

export function createFaults(): FaultSource {
  const active = new Set<ActiveEntry>();
  const deliveryFaults: { event: string; fault: DeliveryFault; left: number }[] = [];
  const held: (() => void)[] = [];
  let gate: Gate | undefined;
  const faults: FaultSource = {
    add(fault) {
      const entry: ActiveEntry = { fault, matches: matcher(fault), seen: 0, hits: 0 };
      active.add(entry);
      return { hits: () => entry.hits, remove: () => void active.delete(entry) };
    },
    clear() {
      active.clear();
      deliveryFaults.length = 0;
      faults.releaseDeliveries();
      gate?.open();
      gate = undefined;
    },
    take(method, path) {
      for (const entry of active) {
        if (!entry.matches(method, path)) continue;
        entry.seen += 1;
        if (entry.seen <= (entry.fault.skip ?? 0)) continue;
        entry.hits += 1;
        if (entry.hits >= (entry.fault.times ?? 1)) active.delete(entry);
        return entry.fault;
      }
      return undefined;
    },
    deliveries: (event, fault, times = 1) =>
      void deliveryFaults.push({ event, fault, left: times }),
    takeDelivery(event, action) {
      const names = [event, `${event}.${action ?? ''}`];
      const found = deliveryFaults.find(
        ({ event: name, left }) => names.includes(name) && left > 0,
      );
      if (found !== undefined) found.left -= 1;
      return found?.fault;
    },
    hold: (send) => void held.push(send),
    releaseDeliveries() {
      for (const send of held.splice(0).reverse()) send();
    },
    holdTestMerges() {
      const own = createGate();
      gate = own;
      return () => {
        if (gate === own) gate = undefined;
        own.open();
      };
    },
    testMergesMayEnd: async () => gate?.opened,
  };
  return faults;
}

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function createGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

interface ActiveEntry {
  readonly fault: Fault;
  readonly matches: (method: string, path: string) => boolean;
  seen: number;
  hits: number;
}

function matcher({ method, path }: Fault): ActiveEntry['matches'] {
  const source = path
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : escape(part)))
    .join('');
  const expression = new RegExp(`^${source}$`);
  return (asked, at) => (method === undefined || method === asked) && expression.test(at);
}

function escape(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

/** An answer of a given status with a body like GitHub's. */
export function failWith(
  status: number,
  message = STATUS_MESSAGES[status] ?? 'Server Error',
  body: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Failure {
  const whole = { message, documentation_url: 'https://docs.github.com/rest', ...body };
  return { kind: 'answer', answer: { status, body: whole, headers } };
}

const STATUS_MESSAGES: Record<number, string> = {
  401: 'Bad credentials',
  403: 'Resource not accessible by integration',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Validation Failed',
  500: 'Server Error',
  502: 'Server Error',
  503: 'Service Unavailable',
};

/** The hourly limit is used up. GitHub answers 403, and at times 429. */
export function primaryRateLimit(resetAt: Date, status: 403 | 429 = 403): Failure {
  return failWith(
    status,
    'API rate limit exceeded for installation ID 1.',
    {},
    {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-used': '5000',
      'x-ratelimit-reset': String(Math.ceil(resetAt.getTime() / 1000)),
      'x-ratelimit-resource': 'core',
    },
  );
}

/** Too much at once. `retryAfter` in seconds; GitHub may leave the header out. */
export function secondaryRateLimit(retryAfter?: number, status: 403 | 429 = 403): Failure {
  const message =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return failWith(status, message, {}, headers);
}

export const delay = (milliseconds: number): Failure => ({ kind: 'delay', milliseconds });
export const hang: Failure = { kind: 'hang' };
export const reset: Failure = { kind: 'reset' };
export const cut: Failure = { kind: 'cut' };
export const garble: Failure = { kind: 'garble' };

/** Waits as a fault asks. */
export async function waitFor(failure: Failure): Promise<void> {
  if (failure.kind === 'delay') await sleep(failure.milliseconds);
}
