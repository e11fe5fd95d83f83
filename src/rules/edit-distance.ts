/** Letters to change, add, take away or swap; more than two count as three. */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length > 300) return 3;
  let [older, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && isSwap) cost = Math.min(cost, (older[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    if (Math.min(...current) > 2) return 3;
    [older, last] = [last, current];
  }
  return Math.min(3, last[b.length] ?? 3);
}
