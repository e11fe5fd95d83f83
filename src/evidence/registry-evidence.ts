import type { EvidenceSource } from './evidence.ts';
import { fetchImage } from './registry.ts';

/**
 * Facts about images from the registries that the operator lists, everything else as before.
 *
 * @param hosts empty: no registry is asked
 */
export function withRegistries(source: EvidenceSource, hosts: readonly string[]): EvidenceSource {
  const reason = 'No registry is asked: the operator lists none (REGISTRY_HOSTS).';
  return {
    ...source,
    image: (request) =>
      hosts.length === 0
        ? Promise.resolve({ state: 'unknown', reason })
        : fetchImage(request, { hosts }),
  };
}
