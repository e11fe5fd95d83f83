import type { EvidenceSource } from './evidence.ts';
import { fetchImage, type RegistryOptions } from './registry.ts';

/** What the operator allows of registries. */
export type RegistryAccess = Omit<RegistryOptions, 'milliseconds'>;

/** Images that are asked for at a time, and for one review. */
const AT_A_TIME = 6;
const MOST_IMAGES = 300;

/** Facts about images from the registries that the operator lists, everything else as before. */
export function withRegistries(source: EvidenceSource, access: RegistryAccess): EvidenceSource {
  const turn = createTurns(AT_A_TIME);
  let asked = 0;
  return {
    ...source,
    image(request) {
      if (access.hosts.length === 0) {
        return unknown('No registry was asked: none is listed (REGISTRY_HOSTS, or --registries).');
      }
      asked += 1;
      if (asked > MOST_IMAGES) {
        return unknown(`Registries are asked for ${MOST_IMAGES} images of one review at most.`);
      }
      return turn(() => fetchImage(request, access));
    },
  };
}

function unknown(reason: string): Promise<{ state: 'unknown'; reason: string }> {
  return Promise.resolve({ state: 'unknown', reason });
}

/** Runs at most so many at a time, first come, first served. */
function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < most) running += 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
