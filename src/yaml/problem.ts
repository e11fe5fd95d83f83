import type { SourceText } from '../model/source.ts';

/** What can be wrong with a YAML text. */
export type YamlProblemCode =
  | 'syntax'
  | 'duplicate-key'
  | 'bad-key'
  | 'bad-merge'
  | 'bad-tag'
  | 'bad-separator'
  | 'not-finite'
  | 'unknown-alias'
  | 'alias-bomb'
  | 'too-deep'
  | 'too-large';

/** A fault of a text, as data: a broken file is a finding, never an exception. */
export interface YamlProblem {
  readonly code: YamlProblemCode;
  /** One sentence; may quote the file. */
  readonly message: string;
  readonly source: SourceText;
  /** Offset in the source. */
  readonly start: number;
  readonly end: number;
}
