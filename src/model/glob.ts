/**
 * Whether a text matches a pattern in which `*` stands for any characters but `/`. Everything else
 * is literal. Takes time in proportion to both lengths: the text may be attacker-controlled.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [patterns, parts] = [pattern.split('/'), text.split('/')];
  return (
    patterns.length === parts.length &&
    patterns.every((segment, index) => matchesSegment(segment, parts[index] ?? ''))
  );
}

/** Greedy, going back to the last star only, which is enough when stars are the one wildcard. */
function matchesSegment(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  let star: number | undefined;
  let retry = 0;
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at;
      retry = from;
      at += 1;
    } else if (at < pattern.length && pattern[at] === text[from]) {
      at += 1;
      from += 1;
    } else if (star !== undefined) {
      at = star + 1;
      retry += 1;
      from = retry;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
