/**
 * Contents by blob id, the longest unused ones dropped first. One cache serves one repository:
 * ids are no secrets, and a tree of one repository must never show contents of another.
 */
export interface BlobCache {
  get(id: string): Uint8Array | undefined;
  set(id: string, bytes: Uint8Array): void;
}

/** @param maximum bytes of all contents together */
export function createBlobCache(maximum: number): BlobCache {
  const blobs = new Map<string, Uint8Array>();
  let size = 0;
  return {
    get(id) {
      const bytes = blobs.get(id);
      if (bytes !== undefined) {
        blobs.delete(id);
        blobs.set(id, bytes);
      }
      return bytes;
    },
    set(id, bytes) {
      if (bytes.length > maximum || blobs.has(id)) return;
      blobs.set(id, bytes);
      size += bytes.length;
      for (const [oldest, { length }] of blobs) {
        if (size <= maximum) break;
        blobs.delete(oldest);
        size -= length;
      }
    },
  };
}
