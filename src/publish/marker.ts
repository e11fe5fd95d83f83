/** What our comments are found by. Readers do not see it; only comments of the App itself count. */
const MARKER = /<!-- fluxgate:([0-9a-f,]+) -->/;

/** @param fingerprints of the findings that the comment is about */
export function withMarker(body: string, fingerprints: readonly string[]): string {
  return `${body}\n\n<!-- fluxgate:${fingerprints.join(',')} -->`;
}

/** Fingerprints of the findings that a comment is about; empty when it is not ours. */
export function readMarker(body: string): string[] {
  return MARKER.exec(body)?.[1]?.split(',') ?? [];
}
