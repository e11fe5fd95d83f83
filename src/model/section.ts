import type { Area } from './finding.ts';

/** A part of a check run's summary beside its findings: a table, an explanation, steps. */
export interface Section {
  readonly area: Area;
  readonly title: string;
  readonly blocks: readonly SectionBlock[];
  /** Good news, which is told before what could be better. */
  readonly isGood?: true;
}

/** Texts may hold text of the repository: they are escaped when they are rendered. */
export type SectionBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'steps'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly SectionCell[])[];
    };

export interface SectionCell {
  readonly text: string;
  /** A literal value, such as an id or a name. */
  readonly isCode?: true;
  /**
   * Shown behind the text. Their addresses are made by us from names that were checked, and begin
   * with `https://github.com/`; others are not rendered.
   */
  readonly links?: readonly { readonly text: string; readonly url: string }[];
}
