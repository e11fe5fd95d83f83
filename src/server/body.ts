import type { IncomingMessage } from 'node:http';

/**
 * - `too-large`: over the limit of one body
 * - `crowded`: all bodies that are being received together take too much memory
 * - `cut-off`: the connection ended before the body did
 */
export type BodyFailure = 'too-large' | 'crowded' | 'cut-off';

export interface BodyLimits {
  /** Bytes of one body. */
  readonly body: number;
  /** Bytes of memory for all bodies that are being received. */
  readonly allBodies: number;
}

/** First room for a body: most of GitHub's fit. */
const FIRST_CAPACITY = 32 * 1024;

interface Receipt {
  buffer: Buffer;
  size: number;
  refuse(failure: BodyFailure): void;
}

/**
 * Makes a reader of request bodies with bounded memory. Bodies come from anybody, their sender is
 * not known before the last byte. When memory for all is used up the largest body is refused: an
 * attacker's, for GitHub's are small, so that the others get through. `onWanted` is called when
 * the announced length is within the limit.
 */
export function createBodyReader(
  limits: BodyLimits,
): (request: IncomingMessage, onWanted: () => void) => Promise<Buffer | BodyFailure> {
  const receiving = new Set<Receipt>();
  let held = 0;

  /** Copies, since many small chunks take far more memory than their bytes. */
  function append(receipt: Receipt, chunk: Buffer): void {
    const size = receipt.size + chunk.length;
    if (size > receipt.buffer.length) {
      const capacity = Math.min(
        limits.body,
        Math.max(size, receipt.buffer.length * 2, FIRST_CAPACITY),
      );
      const buffer = Buffer.allocUnsafeSlow(capacity);
      receipt.buffer.copy(buffer, 0, 0, receipt.size);
      held += capacity - receipt.buffer.length;
      receipt.buffer = buffer;
    }
    chunk.copy(receipt.buffer, receipt.size);
    receipt.size = size;
    while (held > limits.allBodies) largest()?.refuse('crowded');
  }

  function largest(): Receipt | undefined {
    let found: Receipt | undefined;
    for (const receipt of receiving) {
      if (found === undefined || receipt.buffer.length > found.buffer.length) found = receipt;
    }
    return found;
  }

  return async (request, onWanted) => {
    if (Number(request.headers['content-length'] ?? 0) > limits.body) return 'too-large';
    onWanted();
    return new Promise((resolve) => {
      const receipt: Receipt = { buffer: Buffer.alloc(0), size: 0, refuse: finish };
      receiving.add(receipt);

      function finish(result: Buffer | BodyFailure): void {
        if (!receiving.delete(receipt)) return;
        held -= receipt.buffer.length;
        receipt.buffer = Buffer.alloc(0);
        request.off('data', take);
        resolve(result);
      }

      function take(chunk: Buffer): void {
        if (receipt.size + chunk.length > limits.body) finish('too-large');
        else append(receipt, chunk);
      }

      request.on('data', take);
      request.on('end', () => {
        finish(receipt.buffer.subarray(0, receipt.size));
      });
      request.on('error', () => {
        finish('cut-off');
      });
      request.on('close', () => {
        finish('cut-off');
      });
    });
  };
}
