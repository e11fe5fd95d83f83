import { setTimeout as delay } from 'node:timers/promises';

/** GitHub asks for a second between requests that create content (`github.md` §2). */
const PAUSE_MILLISECONDS = 1000;

export interface Pacer {
  /** Resolves when the installation may create content, in the order of asking. */
  turn(installation: number, signal: AbortSignal): Promise<void>;
}

export function createPacer(now: () => number = Date.now): Pacer {
  const next = new Map<number, number>();
  return {
    async turn(installation, signal) {
      const at = Math.max(now(), next.get(installation) ?? 0);
      next.set(installation, at + PAUSE_MILLISECONDS);
      const wait = at - now();
      if (wait > 0) await delay(wait, undefined, { signal });
    },
  };
}
