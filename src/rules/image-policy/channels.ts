/** Names that people give to what moves: branches, channels, environments. */
const FLOATING = new Set(
  (
    'latest main master trunk develop dev edge nightly canary stable next beta alpha snapshot ' +
    'release rolling unstable testing head lts current mainline preview live prod production ' +
    'staging stage test qa devel development default experimental'
  ).split(' '),
);

/** Whether a tag or reference is the name of a branch or channel, `stable-slim` too. */
export function isChannel(name: string): boolean {
  const lower = name.toLowerCase();
  if (FLOATING.has(lower)) return true;
  return /^(?:latest|stable|nightly|edge|rolling|unstable)-[a-z]+$|^[a-z]+-latest$/.test(lower);
}
