/** `"a", "b"`. Quotes inside an item are not escaped: admission does not escape them either. */
export function quoteAll(items: readonly string[]): string {
  if (items.length < 2) return items.length === 0 ? '' : `"${items[0] ?? ''}"`;
  return `"${items.join('", "')}"`;
}

/** The plural unless there is exactly one, so that zero takes the plural. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** Without duplicates, in the order of the UTF-8 bytes, in which Go sorts. */
export function sortedBytewise(items: readonly string[]): readonly string[] {
  // Nearly always there is one, and this runs for every refusal.
  return items.length < 2 ? items : [...new Set(items)].sort(compareBytewise);
}

/**
 * Orders by UTF-8 bytes. JavaScript orders by UTF-16 units, which puts characters outside the
 * basic plane (written as surrogates) before U+E000 to U+FFFF instead of after them.
 */
export function compareBytewise(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
