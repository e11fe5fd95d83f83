import type { Listing } from './snapshot.ts';

/**
 * What commits hold, the longest unused dropped first. A commit never changes, and the tip of a
 * base branch is one side of every pull request into it. One cache serves one repository.
 */
export interface ListingCache {
  /** @param tree the commit's tree where it is known, else the commit itself */
  get(commit: string, tree?: string): Listing | undefined;
  set(listing: Listing): void;
}

/** @param maximum entries of all listings together, some 200 bytes each */
export function createListingCache(maximum: number): ListingCache {
  const listings = new Map<string, Listing>();
  let size = 0;
  return {
    get(commit, tree = commit) {
      const key = [tree, commit].find((id) => listings.has(id)) ?? '';
      const listing = listings.get(key);
      if (listing === undefined) return undefined;
      listings.delete(key);
      listings.set(key, listing);
      return listing.commit === commit ? listing : { ...listing, commit };
    },
    set(listing) {
      const { tree, entries, incomplete } = listing;
      // What GitHub did not list whole may be whole the next time.
      if (incomplete !== undefined || entries.length > maximum || listings.has(tree)) return;
      listings.set(tree, listing);
      size += entries.length;
      for (const [oldest, { entries: dropped }] of listings) {
        if (size <= maximum) break;
        listings.delete(oldest);
        size -= dropped.length;
      }
    },
  };
}
