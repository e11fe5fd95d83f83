import { FORBIDDEN } from '../../yaml/go-yaml/characters.ts';
import { decodeUtf8 } from '../../yaml/go-yaml/utf8.ts';
import { type Evaluated, Evaluator } from './evaluate.ts';
import { TemplateFailure } from './failure.ts';
import type { Marks } from './marks.ts';
import { parseTemplate } from './parse-template.ts';
import { fromBytes, toBytes } from './utf8.ts';
import type { Variables } from './variables.ts';

/** A stretch of the text and what it became. Offsets are UTF-16 code units. */
export interface Piece {
  readonly inStart: number;
  readonly inEnd: number;
  readonly outStart: number;
  readonly outEnd: number;
  /** Variables it was made of; undefined where the text is as it was. */
  readonly names: readonly string[] | undefined;
}

export interface Expansion {
  readonly text: string;
  /** In order; they cover both texts but for the first sign of each `$$`. */
  readonly pieces: readonly Piece[];
  /** Where no reader takes the text, because values were cut in the middle of a character. */
  readonly broken?: { readonly message: string; readonly offset: number };
}

/** Replaces the variables of a text as Flux's envsubst does. Throws `TemplateFailure`. */
export function expand(
  text: string,
  variables: Variables,
  isStrict: boolean,
  marks: Marks,
): Expansion {
  const bytes = toBytes(text);
  try {
    const evaluator = new Evaluator(bytes, variables, isStrict, marks);
    const builder = new Builder(bytes);
    for (const part of parseTemplate(bytes)) {
      builder.add(part.start, part.end, evaluator.evaluate(part), part.kind === 'call');
    }
    return builder.end();
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    const before = fromBytes(bytes.slice(0, error.offset));
    throw new TemplateFailure(error.code, error.message, before?.length ?? error.offset);
  }
}

/** Puts the results together. What one call cut off a character, the next may put to it again. */
class Builder {
  readonly #bytes: string;
  readonly #pieces: Piece[] = [];
  readonly #texts: string[] = [];
  #inByte = 0;
  #inEnd = 0;
  #outEnd = 0;
  /** The beginning of a character. */
  #open: { readonly bytes: string; readonly names: readonly string[]; readonly inStart: number } = {
    bytes: '',
    names: [],
    inStart: 0,
  };
  #broken: Expansion['broken'];

  constructor(bytes: string) {
    this.#bytes = bytes;
  }

  add(start: number, end: number, { bytes, names }: Evaluated, isCall: boolean): void {
    const inStart = this.#inEnd + this.#length(this.#inByte, start);
    this.#inEnd = inStart + this.#length(start, end);
    this.#inByte = end;
    if (this.#open.bytes === '') {
      this.#put(bytes, inStart, isCall ? names : undefined);
    } else {
      const { bytes: cut, names: cutNames, inStart: cutStart } = this.#open;
      this.#open = { ...this.#open, bytes: '' };
      this.#put(cut + bytes, cutStart, [...cutNames, ...names]);
    }
  }

  end(): Expansion {
    if (this.#open.bytes !== '') this.#putBroken(this.#open.bytes, this.#inEnd, undefined);
    const expansion = { text: this.#texts.join(''), pieces: this.#pieces };
    if (this.#broken === undefined) return expansion;
    const isFirst = !FORBIDDEN.test(expansion.text.slice(0, this.#broken.offset));
    return isFirst ? { ...expansion, broken: this.#broken } : expansion;
  }

  #put(bytes: string, inStart: number, names: readonly string[] | undefined): void {
    const text = fromBytes(bytes);
    if (text !== undefined) {
      this.#push(text, inStart, names);
      return;
    }
    const cut = CUT_CHARACTER.exec(bytes)?.index ?? bytes.length;
    const whole = fromBytes(bytes.slice(0, cut));
    if (whole === undefined) {
      this.#putBroken(bytes, inStart, names);
      return;
    }
    this.#push(whole, inStart, names);
    this.#open = { bytes: bytes.slice(cut), names: names ?? [], inStart };
  }

  #putBroken(bytes: string, inStart: number, names: readonly string[] | undefined): void {
    this.#broken ??= { message: brokenUtf8(bytes), offset: this.#outEnd };
    this.#push(decodeUtf8(bytes), inStart, names);
  }

  #push(text: string, inStart: number, names: readonly string[] | undefined): void {
    const outStart = this.#outEnd;
    this.#outEnd += text.length;
    this.#texts.push(text);
    this.#pieces.push({ inStart, inEnd: this.#inEnd, outStart, outEnd: this.#outEnd, names });
  }

  #length(start: number, end: number): number {
    return fromBytes(this.#bytes.slice(start, end))?.length ?? end - start;
  }
}

const CUT_CHARACTER = /[\xc2-\xf4][\x80-\xbf]{0,2}$/;

/** What Go's YAML reader says of bytes that are not UTF-8. */
function brokenUtf8(bytes: string): string {
  let at = 0;
  for (const character of decodeUtf8(bytes)) {
    const whole = toBytes(character);
    if (!bytes.startsWith(whole, at)) break;
    at += whole.length;
  }
  const isLead = bytes.charCodeAt(at) >= 0xc0;
  return `yaml: invalid ${isLead ? 'trailing' : 'leading'} UTF-8 octet`;
}
