import type { JobInbox } from '../jobs/queue.ts';
import { type Answer, toJson } from './answer.ts';

export interface ReadinessOptions {
  readonly queue: Pick<JobInbox, 'check'>;
  readonly workers: { isAlive(): boolean };
  readonly isDraining: () => boolean;
}

/** Ms that an answer of the store counts: a check writes to the disk, and anybody can ask. */
const CHECK_COUNTS = 1_000;

/** 200 when deliveries can be taken and worked on; else 503 with what is wrong. */
export function createReadiness(options: ReadinessOptions): () => Promise<Answer> {
  const { queue, workers, isDraining } = options;
  let store: Promise<boolean> | undefined;
  let checkedAt = -Infinity;

  function isStoreWritable(): Promise<boolean> {
    if (store === undefined || performance.now() - checkedAt > CHECK_COUNTS) {
      checkedAt = performance.now();
      store = queue.check().then(
        () => true,
        () => false,
      );
    }
    return store;
  }

  return async () => {
    const state = {
      draining: isDraining(),
      store: (await isStoreWritable()) ? 'ok' : 'failing',
      workers: workers.isAlive() ? 'ok' : 'stopped or without store',
    };
    const isReady = !state.draining && state.store === 'ok' && state.workers === 'ok';
    return toJson(isReady ? 200 : 503, { ready: isReady, ...state });
  };
}
