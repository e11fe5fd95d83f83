import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { extract } from 'tar-stream';

import { blobId } from './memory.ts';
import { MAX_FILE_BYTES } from './tree.ts';

/** Bytes that an archive may unpack to; what lies beyond is left out. */
const MAX_UNPACKED = 1024 * 1024 * 1024;

/**
 * Contents of a gzipped tar archive by blob id. The archive is not trusted: names are not used,
 * nothing is written, and a bomb ends at a limit.
 *
 * @param wanted ids to keep
 */
export async function readArchive(
  body: ReadableStream<Uint8Array>,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const entries = extract();
  const unpacked = pipeline(Readable.fromWeb(body as never), createGunzip(), entries);
  // The loop below meets the error first; this keeps it from being unhandled.
  unpacked.catch(() => undefined);
  let total = 0;
  for await (const entry of entries) {
    const { type, size } = entry.header;
    total += size;
    if (total > MAX_UNPACKED) break;
    if (type !== 'file' || size > MAX_FILE_BYTES) {
      entry.resume();
      continue;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    const bytes = Buffer.concat(chunks);
    const id = blobId(bytes);
    if (wanted.has(id)) found.set(id, bytes);
  }
  return found;
}
