export type PrereleaseProblem = 'prerelease' | 'leading-zero';

/** What is wrong with the text after a version's `-`; undefined when it is well formed. */
export function prereleaseProblem(text: string): PrereleaseProblem | undefined {
  for (const identifier of text.split('.')) {
    if (!/^[0-9A-Za-z-]+$/.test(identifier)) return 'prerelease';
    if (/^0[0-9]+$/.test(identifier)) return 'leading-zero';
  }
  return undefined;
}

/** Orders two well-formed prereleases, neither empty: negative when `a` comes first. */
export function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  const ours = a.split('.');
  const theirs = b.split('.');
  for (const [index, identifier] of ours.entries()) {
    const other = theirs[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return -1;
}

function compareIdentifiers(a: string, b: string): number {
  if (a === b) return 0;
  const numeric = isNumeric(a);
  if (numeric !== isNumeric(b)) return numeric ? -1 : 1;
  // Without leading zeros the longer number is the larger.
  if (numeric && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

/** Beyond 64 bits the library reads digits as letters, and letters come after every number. */
function isNumeric(identifier: string): boolean {
  if (!/^[0-9]+$/.test(identifier)) return false;
  return (
    identifier.length < 20 || (identifier.length === 20 && identifier <= '18446744073709551615')
  );
}
