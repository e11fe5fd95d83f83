import { createHash } from 'node:crypto';

/**
 * A commit's object from the payload and signature that GitHub's API gives, byte for byte: the
 * signature header is put where git puts it, and where other programs do, until the object has
 * the commit's id.
 *
 * @returns undefined when no way gives that id, as where GitHub replaced bytes that are not UTF-8
 */
export function rebuildCommit(
  id: string,
  payload: string,
  signature: string,
): Uint8Array | undefined {
  const end = payload.indexOf('\n\n');
  const headers = end === -1 ? payload.length : end + 1;
  const texts = [signature, signature.replace(/\n$/, ''), `${signature}\n`];
  for (const at of headerEnds(payload, headers)) {
    for (const text of texts) {
      const header = `gpgsig ${text.replaceAll('\n', '\n ')}\n`;
      const object = Buffer.from(payload.slice(0, at) + header + payload.slice(at));
      if (commitId(object) === id) return object;
    }
  }
  return undefined;
}

/** Where a header may be added: last of all first, since git adds it there. */
function headerEnds(payload: string, end: number): number[] {
  const ends: number[] = [];
  for (
    let at = end;
    at > 0 && ends.length < MOST_PLACES;
    at = payload.lastIndexOf('\n', at - 2) + 1
  ) {
    ends.push(at);
  }
  return ends;
}

/** More headers than commits have before or after their signature. */
const MOST_PLACES = 50;

function commitId(object: Uint8Array): string {
  return createHash('sha1').update(`commit ${object.length}\0`).update(object).digest('hex');
}
