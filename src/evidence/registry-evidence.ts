import type { EvidenceSource } from './evidence.ts';
import type { Known } from '../model/evidence.ts';
import { fetchImage, type RegistryOptions } from './registry.ts';
import { fetchTags } from './registry-tags.ts';

/** What the operator allows of registries. */
export type RegistryAccess = Omit<RegistryOptions, 'milliseconds'>;

/** Images that are asked for at a time, and for one review. */
const AT_A_TIME = 6;
const MOST_IMAGES = 300;
/** Lists are long: a change that needs more of them is none that a person makes. */
const MOST_LISTS = 30;

/** Facts about images from the registries that the operator lists, everything else as before. */
export function withRegistries(source: EvidenceSource, access: RegistryAccess): EvidenceSource {
  const turn = createTurns(AT_A_TIME);
  const asked = { images: 0, lists: 0 };
  function ask<T>(what: keyof typeof asked, most: number, work: () => Promise<Known<T>>) {
    if (access.hosts.length === 0) {
      return unknown('No registry was asked: none is listed (REGISTRY_HOSTS, or --registries).');
    }
    asked[what] += 1;
    if (asked[what] > most) {
      const things = what === 'images' ? 'images' : 'lists of tags';
      return unknown(`Registries are asked for ${most} ${things} of one review at most.`);
    }
    return turn(work);
  }
  return {
    ...source,
    image: (request) => ask('images', MOST_IMAGES, () => fetchImage(request, access)),
    tags: (request) => ask('lists', MOST_LISTS, () => fetchTags(request, access)),
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
