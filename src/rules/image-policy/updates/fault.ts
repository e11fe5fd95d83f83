import type { Effect, Fault } from '../../../model/finding.ts';

/** What is said of a line that a change touches. */
export interface LineSaid {
  readonly rule: string;
  readonly message: string;
  readonly effect?: Effect;
  /** Tells faults of a field apart. */
  readonly aspect?: string;
  readonly remedy?: string;
  readonly detail?: string;
}

/** A fault at a changed line. `risk` unless it says otherwise. */
export function faultOfLine(
  { path, line, field }: { readonly path: string; readonly line: number; readonly field?: string },
  { rule, message, effect = 'risk', aspect, remedy, detail }: LineSaid,
): Fault {
  const name = field ?? '';
  return {
    rule,
    effect,
    subject: {
      apiVersion: '',
      kind: 'File',
      name: path,
      field: aspect === undefined ? name : `${name}#${aspect}`,
    },
    message,
    ...(detail !== undefined && { detail }),
    primary: { path, line, endLine: line },
    related: [],
    ...(remedy !== undefined && { remedy: { summary: remedy, fields: [], edits: [] } }),
  };
}
