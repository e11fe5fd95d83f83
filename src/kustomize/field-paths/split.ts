import { splitPath } from '../fields.ts';

/**
 * The steps of a dotted field path: `spec.containers.[name=a.b].image`; dots in brackets and
 * escaped ones do not separate, and `[a.b]` is the key `a.b` (kyaml `SmarterPathSplitter`).
 */
export function splitFieldPath(path: string): string[] {
  const parts = splitPath(path, '.');
  const steps: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    if (!part.startsWith('[') || part.endsWith(']')) {
      steps.push(part);
      continue;
    }
    const together = [part];
    while (at < parts.length - 1) {
      at += 1;
      together.push(parts[at] ?? '');
      if (parts[at]?.endsWith(']')) break;
    }
    const joined = together.join('.');
    steps.push(joined.includes('=') ? joined : joined.replace(/^[[\]]+|[[\]]+$/g, ''));
  }
  return steps;
}

export function isListStep(step: string): boolean {
  return step.startsWith('[') && step.endsWith(']');
}

/** The number of a step that is one, as Go's Atoi reads it. */
export function indexOfStep(step: string): number | undefined {
  return /^[+-]?[0-9]{1,15}$/.test(step) ? Number(step) : undefined;
}

/** `[name=value]`, with or without the brackets; undefined without `=`. */
export function splitListStep(step: string): { field: string; value: string } | undefined {
  const inner = step.replace(/\]$/, '').replace(/^\[/, '');
  const equals = inner.indexOf('=');
  return equals === -1
    ? undefined
    : { field: inner.slice(0, equals), value: inner.slice(equals + 1) };
}
