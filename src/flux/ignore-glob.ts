/** What one character of a name must be; `star` stands for any number of any. */
type Token = 'star' | 'any' | { readonly ranges: readonly Range[]; readonly isNegated: boolean };
type Range = readonly [low: string, high: string];

/** A pattern for a name, as Go's `filepath.Match` reads it. */
export type Glob = readonly Token[];

/** Undefined where the pattern is none (`[a`, `[!]`, `\`): it matches nothing then. */
export function readGlob(pattern: string): Glob | undefined {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length;) {
    const character = characters[at];
    if (character === '[') {
      const set = readSet(characters, at + 1);
      if (set === undefined) return undefined;
      tokens.push(set.token);
      at = set.end;
    } else if (character === '*' || character === '?') {
      tokens.push(character === '*' ? 'star' : 'any');
      at += 1;
    } else {
      if (character === '\\') at += 1;
      const literal = characters[at];
      if (literal === undefined) return undefined;
      tokens.push({ ranges: [[literal, literal]], isNegated: false });
      at += 1;
    }
  }
  return tokens;
}

/** `[^a-z0]`, from behind its bracket. An exclamation mark is a character like others. */
function readSet(
  characters: readonly string[],
  start: number,
): { readonly token: Token; readonly end: number } | undefined {
  const isNegated = characters[start] === '^';
  const ranges: Range[] = [];
  let at = isNegated ? start + 1 : start;
  while (ranges.length === 0 || characters[at] !== ']') {
    const low = readMember(characters, at);
    if (low === undefined) return undefined;
    const high = characters[low.end] === '-' ? readMember(characters, low.end + 1) : low;
    if (high === undefined) return undefined;
    ranges.push([low.character, high.character]);
    at = high.end;
  }
  return { token: { ranges, isNegated }, end: at + 1 };
}

function readMember(
  characters: readonly string[],
  at: number,
): { readonly character: string; readonly end: number } | undefined {
  const first = characters[at];
  if (first === '-' || first === ']') return undefined;
  const from = first === '\\' ? at + 1 : at;
  const character = characters[from];
  return character === undefined ? undefined : { character, end: from + 1 };
}

/** Whether a pattern matches a whole name. Takes time in the product of both lengths at most. */
export function matchesGlob(glob: Glob, name: string): boolean {
  const characters = Array.from(name);
  let at = 0;
  let token = 0;
  let star = -1;
  let resume = 0;
  while (at < characters.length) {
    const wanted = glob[token];
    if (wanted === 'star') {
      star = token;
      resume = at;
      token += 1;
    } else if (wanted !== undefined && isOne(wanted, characters[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (star !== -1) {
      token = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return glob.slice(token).every((rest) => rest === 'star');
}

function isOne(token: Exclude<Token, 'star'>, character: string): boolean {
  if (token === 'any') return true;
  const point = character.codePointAt(0) ?? 0;
  const isIn = token.ranges.some(
    ([low, high]) => (low.codePointAt(0) ?? 0) <= point && point <= (high.codePointAt(0) ?? 0),
  );
  return isIn !== token.isNegated;
}
