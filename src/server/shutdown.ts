import type { EventEmitter } from 'node:events';
import process from 'node:process';

import type { Logger } from 'pino';

/** What a shell reports for a process ended by the signal. */
const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 } as const;
type Signal = keyof typeof EXIT_CODES;

export interface ShutdownOptions {
  /** Stops taking work, finishes or gives back what runs, closes what is open. */
  readonly stop: () => Promise<void>;
  /** Ms that `stop` may take. Kubernetes kills after 30 s when not told otherwise. */
  readonly deadline: number;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly signals?: Pick<EventEmitter, 'on'>;
  readonly exit?: (code: number) => void;
}

/**
 * Ends the process in good order on SIGTERM and SIGINT: exit code 0 after `stop`, 1 when it fails
 * or takes too long. A second signal ends it at once.
 */
export function stopOnSignals(options: ShutdownOptions): void {
  const { stop, deadline, log, signals = process } = options;
  const { exit = (code: number) => process.exit(code) } = options;
  let isStopping = false;

  function onSignal(signal: Signal): void {
    if (isStopping) {
      log.warn({ signal }, 'Stopped at once by a second signal');
      exit(EXIT_CODES[signal]);
      return;
    }
    isStopping = true;
    log.info({ signal }, 'Stopping');
    setTimeout(() => {
      log.error({ deadline }, 'Stopping took too long');
      exit(1);
    }, deadline).unref();
    stop().then(
      () => {
        log.info('Stopped');
        exit(0);
      },
      (error: unknown) => {
        log.error({ error }, 'Stopping failed');
        exit(1);
      },
    );
  }

  for (const signal of Object.keys(EXIT_CODES) as Signal[]) signals.on(signal, onSignal);
}
