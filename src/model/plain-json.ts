/**
 * Plain values of YAML as JSON, to compare them or to tell them apart. Whole numbers beyond what JSON
 * numbers hold exactly stand as text; plain `JSON.stringify` throws on them.
 */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
}
