import { decodeUtf8 } from '../../yaml/go-yaml/utf8.ts';
import { TemplateFailure } from './failure.ts';
import type { Call, Part, Template } from './template.ts';
import { type Accepts, TemplateScanner } from './template-scanner.ts';

/** Deeper than anybody nests defaults; envsubst knows no end, our stack does. */
const MAX_NESTING = 200;

/**
 * Cuts a text into its parts as Flux's envsubst does (fluxcd/pkg `envsubst/parse`), with its
 * error texts. Throws `TemplateFailure`.
 *
 * @param text UTF-8, one code unit a byte; attacker-controlled
 */
export function parseTemplate(text: string): Template {
  const parts: Part[] = [];
  let from = 0;
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', at)) {
    const next = text[at + 1];
    if (next === '{') {
      pushText(parts, text, from, at);
      const call = parseOutermost(text, at);
      parts.push(call);
      from = at = call.end;
    } else if (next === '$') {
      pushText(parts, text, from, at);
      from = at + 1;
      at += 2;
    } else {
      at += 1;
    }
  }
  pushText(parts, text, from, text.length);
  return parts;
}

function pushText(parts: Part[], text: string, start: number, end: number): void {
  if (end > start) parts.push({ kind: 'text', text: text.slice(start, end), start, end });
}

function parseOutermost(text: string, start: number): Call {
  const scanner = new TemplateScanner(text, start + 2);
  return new CallParser(scanner, start).call(start);
}

class CallParser {
  readonly #scanner: TemplateScanner;
  /** Offset of the outermost call: where its author looks for the mistake. */
  readonly #outermost: number;
  #nesting = 0;

  constructor(scanner: TemplateScanner, outermost: number) {
    this.#scanner = scanner;
    this.#outermost = outermost;
  }

  /** A call, the scanner behind its `${`. */
  call(start: number): Call {
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING) {
      const message = `expressions are nested more than ${MAX_NESTING} levels deep`;
      throw new TemplateFailure('limit', message, this.#outermost);
    }
    const rest = this.#scanner.peek() === '#' ? this.#length() : this.#named();
    this.#nesting -= 1;
    return { kind: 'call', ...rest, start, end: this.#scanner.position };
  }

  /** `${#NAME}` */
  #length(): CallParts {
    const operator = this.#operator((character, count) => character === '#' && count === 1);
    const name = this.#scanner.take({ accepts: isNameCharacter });
    if (name === undefined) throw this.#failure('bad substitution');
    this.#close();
    return { name, operator, args: [] };
  }

  #named(): CallParts {
    const name = this.#scanner.take({ accepts: isNameCharacter });
    if (name === undefined) throw this.#failure('unable to parse variable name');
    switch (this.#scanner.peek()) {
      case ':':
        return this.#colon(name);
      case '=':
        return this.#default(name, (character, count) => character === '=' && count === 1);
      case ',':
      case '^':
        return this.#casing(name);
      case '/':
        return this.#replacing(name);
      case '#':
        return this.#trimming(name, (character, count) => character === '#' && count < 3);
      case '%':
        return this.#trimming(name, (character, count) => character === '%' && count < 3);
      default:
        if (!this.#scanner.takeClose()) throw this.#failure('missing closing brace');
        return { name, operator: '', args: [] };
    }
  }

  #colon(name: string): CallParts {
    this.#scanner.read();
    const next = this.#scanner.peek();
    // Goes back by the width of `next`, not of the colon: after a colon, a letter of several bytes
    // makes envsubst lose its place and fail.
    this.#scanner.unread();
    return DEFAULT_SIGNS.includes(next) && next !== ''
      ? this.#default(name, isDefaultOperator)
      : this.#substring(name);
  }

  /** `${NAME:-…}`, `:=`, `:+`, `:?` and `=`: the rest up to the brace, calls included. */
  #default(name: string, accepts: Accepts): CallParts {
    const operator = this.#scanner.take({ accepts });
    if (operator === undefined) throw this.#failure('unable to parse default function');
    const args: Part[] = [];
    while (this.#scanner.peek() !== '}') {
      args.push(this.#argument((character) => character !== '}', false));
    }
    this.#close();
    return { name, operator, args };
  }

  /** `${NAME:offset}` and `${NAME:offset:length}` */
  #substring(name: string): CallParts {
    const operator = this.#operator((character, count) => character === ':' && count === 1);
    const args = [this.#argument((character) => character !== ':' && character !== '}', false)];
    const position = this.#scanner.position;
    if (this.#scanner.takeClose()) return { name, operator, args };
    this.#scanner.position = position;
    this.#operator((character) => character === ':');
    args.push(this.#argument((character) => character !== '}', false));
    this.#close();
    return { name, operator, args };
  }

  #casing(name: string): CallParts {
    const operator = this.#operator(
      (character, count) => (character === ',' || character === '^') && count < 3,
    );
    this.#close();
    return { name, operator, args: [] };
  }

  /** `${NAME/old/new}` and `//`, `/#`, `/%`; `new` may be missing, the slash before it may not. */
  #replacing(name: string): CallParts {
    const operator = this.#operator(
      (character, count) =>
        (count === 1 && character === '/') || (count === 2 && '/#%'.includes(character)),
    );
    const args = [this.#argument((character) => character !== '/', true)];
    this.#operator((character) => character === '/');
    if (this.#scanner.peek() !== '}') {
      args.push(this.#argument((character) => character !== '}', true));
    }
    this.#close();
    return { name, operator, args };
  }

  #trimming(name: string, accepts: Accepts): CallParts {
    const operator = this.#operator(accepts);
    const args = [this.#argument((character) => character !== '}', false)];
    this.#close();
    return { name, operator, args };
  }

  /** A text, or a call in its place. */
  #argument(accepts: Accepts, escapes: boolean): Part {
    const start = this.#scanner.position;
    if (this.#scanner.text.startsWith('${', start)) {
      this.#scanner.position += 2;
      return this.call(start);
    }
    const text = this.#scanner.take({ accepts, escapes, opens: true });
    if (text === undefined) throw this.#failure('unable to parse substitution within function');
    return { kind: 'text', text, start, end: this.#scanner.position };
  }

  #operator(accepts: Accepts): string {
    const operator = this.#scanner.take({ accepts });
    if (operator === undefined) throw this.#failure('bad substitution');
    return operator;
  }

  #close(): void {
    if (!this.#scanner.takeClose()) throw this.#failure('bad substitution');
  }

  #failure(message: string): TemplateFailure {
    return new TemplateFailure('refused', message, this.#outermost);
  }
}

type CallParts = Pick<Call, 'name' | 'operator' | 'args'>;

const DEFAULT_SIGNS = '=-?+';

function isDefaultOperator(character: string, count: number): boolean {
  return count === 1 ? character === ':' : count === 2 && DEFAULT_SIGNS.includes(character);
}

/** Wider than the names of variables: letters and digits of all scripts, a digit in front too. */
function isNameCharacter(character: string): boolean {
  if (character.length === 1) return /[A-Za-z0-9_]/.test(character);
  return /^[\p{L}\p{Nd}]$/u.test(decodeUtf8(character));
}
