const VERSION = /^v?(\d+)\.(\d+)/;

/**
 * Whether a Flux version verifies SSH signatures: from 2.9, source-controller 1.9. Takes versions
 * such as `2.8`, `v2.9.4` or `2.x`; what is not a version counts as the newest one.
 */
export function knowsSsh(version: string | undefined): boolean {
  const [, major, minor] = VERSION.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined) return true;
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 9);
}
