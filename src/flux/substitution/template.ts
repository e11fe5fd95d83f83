/** A text cut into what stays as it is and what is replaced. */
export type Template = readonly Part[];

export type Part = TextPart | Call;

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  /** Offset of its first character in the whole text. */
  readonly start: number;
  readonly end: number;
}

/** `${NAME}`, or `${NAME` + operator + arguments + `}`. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  /** Empty for the bare variable. */
  readonly operator: string;
  readonly args: readonly Part[];
  /** Offset of its `$`. */
  readonly start: number;
  readonly end: number;
}
