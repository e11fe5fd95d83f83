import type { Logger } from 'pino';

import type { WorkerEvent } from '../jobs/worker.ts';
import { Permanent } from '../model/errors.ts';
import type { Metrics } from './metrics.ts';

/** Words and level of each way a run can end. */
const ENDINGS = {
  done: ['info', 'Job done'],
  told: ['info', 'Job given up, its end is told'],
  retried: ['warn', 'Job failed, will be tried again'],
  'given-up': ['error', 'Job given up'],
  untold: ['error', 'Job given up, its end could not be told'],
  unreadable: ['error', 'Job removed: this version cannot read it'],
  interrupted: ['debug', 'Job stopped for newer work'],
  released: ['info', 'Job given back for the shutdown'],
  lost: ['warn', 'Job lost to another process'],
} as const;

type Level = (typeof ENDINGS)[keyof typeof ENDINGS][0];

/**
 * Nobody who runs this server has to act on what others took away: a repository that is gone or
 * archived, a permission that its owner does not grant.
 */
function levelOf(level: Level, code: unknown): Level {
  if (level !== 'error') return level;
  if (code === 'gone') return 'info';
  return code === 'forbidden' ? 'warn' : level;
}

/** Writes what workers tell to the log and the metrics. */
export function createJobLog(
  log: Logger,
  metrics: Pick<Metrics, 'jobEnded'>,
): (event: WorkerEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'store-failed':
        log.error({ error: event.error }, 'Job store failed');
        break;
      case 'store-recovered':
        log.info('Job store answers again');
        break;
      case 'started': {
        const { key: job, attempts: attempt, subjects } = event.claim;
        log.debug({ job, attempt, subjects }, 'Job started');
        break;
      }
      case 'ended': {
        const { claim, ending, milliseconds, error, outcome } = event;
        const [usual, words] = ENDINGS[ending];
        const level = levelOf(usual, error instanceof Permanent ? error.code : undefined);
        metrics.jobEnded(claim.kind, ending, milliseconds / 1_000);
        log[level](
          {
            job: claim.key,
            attempt: claim.attempts,
            milliseconds: Math.round(milliseconds),
            ...(outcome.kind === 'retry' && { again: new Date(outcome.at).toISOString() }),
            ...(error !== undefined && level !== 'debug' && { error }),
          },
          words,
        );
      }
    }
  };
}
