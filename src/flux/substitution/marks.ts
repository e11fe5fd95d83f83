import { Unknown } from '../../model/located.ts';

/** A part of a text that is not known. */
export interface Gap {
  /** For people: what is not known and why. One for each thing that is not known. */
  readonly reasons: readonly string[];
  /** What stands there in the object. */
  readonly text: string;
  /** The value itself, where it was not known before substitution. */
  readonly unknown?: Unknown;
}

/** A private character of plane 16, which no manifest needs. */
const MARK = '\u{10f17e}';
const MARKS = new RegExp(`${MARK}(\\d+)${MARK}`, 'gu');

/**
 * Stand-ins for what is not known. A mark is a word that goes through printing, substitution and
 * reading unchanged; the value that it comes out in is not known. A text that forges one makes a
 * value unknown that is known, and unknown is never a pass.
 */
export class Marks {
  readonly #gaps: Gap[] = [];

  /** A text that stands for a gap. */
  add(gap: Gap): string {
    this.#gaps.push(gap);
    return `${MARK}${this.#gaps.length - 1}${MARK}`;
  }

  /** The gaps in a text, in their order. */
  in(text: string): Gap[] {
    if (this.#gaps.length === 0 || !text.includes(MARK)) return [];
    return [...text.matchAll(MARKS)].flatMap(([, index]) => this.#gaps[Number(index)] ?? []);
  }

  /** Whether a text is one mark and nothing else. */
  isWhole(text: string): boolean {
    return text.replace(MARKS, '') === '' && this.in(text).length === 1;
  }

  /** A text with gaps as a value that is not known. */
  toUnknown(text: string): Unknown {
    const reasons = new Set(this.in(text).flatMap((gap) => gap.reasons));
    return new Unknown([...reasons].join('; '), this.restore(text));
  }

  /** A text with what was written in the place of each gap. */
  restore(text: string): string {
    return text.replace(MARKS, (mark, index) => this.#gaps[Number(index)]?.text ?? mark);
  }
}
