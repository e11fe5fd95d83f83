/** Blanks before a line break, or at the end, make the printer quote the text instead. */
const NOT_PRINTED_AS_BLOCK = / (?:\n|$)|[^\n\t\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\uffff]/;
const BREAK_BEFORE_INDENTED = /(^|\n)([^ \t\n][^\n]*)(\n+)(?=[ \t])/g;
const LEADING_BREAKS = /^\n*/;

/**
 * A folded text (`>`) as kustomize hands it on. It prints every object and reads it again, and its
 * printer doubles the line break between a line and a more indented one (go-yaml v3 `emitterc.go`,
 * `yaml_emitter_write_folded_scalar`; seen in every build that holds such a text).
 */
export function refold(text: string): string {
  if (NOT_PRINTED_AS_BLOCK.test(text)) return text;
  const first = text[LEADING_BREAKS.exec(text)?.[0].length ?? 0];
  if (first === undefined || first === ' ' || first === '\t') return text;
  const doubled = text.replace(BREAK_BEFORE_INDENTED, '$1$2$3\n');
  return /[^\n]\n{2,}$/.test(doubled) ? `${doubled}\n` : doubled;
}
