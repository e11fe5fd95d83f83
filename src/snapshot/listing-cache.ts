import type { Listing } from './snapshot.ts';

/**
 * What commits hold, the longest unused dropped first. A commit never changes, and the tip of a
 * base branch is one side of every pull request into it. One cache serves one repository.
 */
export interface ListingCache {
  get(commit: string): Listing | undefined;
  set(listing: Listing): void;
}

/** @param maximum entries of all listings together, some 200 bytes each */
export function createListingCache(maximum: number): ListingCache {
  const listings = new Map<string, Listing>();
  let size = 0;
  return {
    get(commit) {
      const listing = listings.get(commit);
      if (listing !== undefined) {
        listings.delete(commit);
        listings.set(commit, listing);
      }
      return listing;
    },
    set(listing) {
      const { commit, entries, incomplete } = listing;
      // What GitHub did not list whole may be whole the next time.
      if (incomplete !== undefined || entries.length > maximum || listings.has(commit)) return;
      listings.set(commit, listing);
      size += entries.length;
      for (const [oldest, { entries: dropped }] of listings) {
        if (size <= maximum) break;
        listings.delete(oldest);
        size -= dropped.length;
      }
    },
  };
}
