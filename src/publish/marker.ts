/**
 * What our comments are found by. Readers do not see it; only comments of the App itself count,
 * and only at the very end, where no quoted text can stand.
 */
const MARKER = /<!-- fluxgate:([0-9a-f,]+)( mended)? -->\s*$/;

export interface Marker {
  /** Of the findings that the comment is about. */
  readonly fingerprints: readonly string[];
  /** The comment says that what it was about no longer holds. */
  readonly isMended: boolean;
}

export function withMarker(body: string, { fingerprints, isMended }: Marker): string {
  return `${body}\n\n<!-- fluxgate:${fingerprints.join(',')}${isMended ? ' mended' : ''} -->`;
}

/** Undefined for a comment that is not ours. */
export function readMarker(body: string): Marker | undefined {
  const [, fingerprints, mended] = MARKER.exec(body) ?? [];
  return fingerprints === undefined
    ? undefined
    : { fingerprints: fingerprints.split(','), isMended: mended !== undefined };
}

export function withoutMarker(body: string): string {
  return body.replace(MARKER, '').trimEnd();
}
