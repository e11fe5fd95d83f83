// No two neighbours may match the same character, so that a long hostile text costs linear time.
const SHAPE = /^[+-]?\d*(?:\.\d*)?((?:[eEinumkKMGTP]+[-+]?|[-+])\d*|)$/;
const SUFFIXES = new Set(
  ['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E'].concat(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']),
);
const EXPONENT = /^[eE]([+-]?\d{1,18})$/;

/** The messages of the API server. */
export const WRONG_FORMAT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const WRONG_SUFFIX = "unable to parse quantity's suffix";

/**
 * Why a text is no quantity (`500m`, `1Gi`, `2e3`), in the words of the API server; undefined when
 * it is one. Its parser takes more than its message says: an empty number before a suffix is 0.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityProblem(text: string): string | undefined {
  const trimmed = text.trim();
  const suffix = trimmed === '' ? undefined : SHAPE.exec(trimmed)?.[1];
  if (suffix === undefined) return WRONG_FORMAT;
  return SUFFIXES.has(suffix) || EXPONENT.test(suffix) ? undefined : WRONG_SUFFIX;
}
