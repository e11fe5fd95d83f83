import { BoundReached, Bounds } from './bounds.ts';
import { TemplateFailure } from './failure.ts';
import type { Gap, Marks } from './marks.ts';
import { applyOperator, isDefault, LibraryPanic } from './operators.ts';
import type { Call, Part } from './template.ts';
import { fromBytes, toBytes } from './utf8.ts';
import { cleanValue, type UnknownVariable, type Variables } from './variables.ts';

/** What a part of a template comes to. */
export interface Evaluated {
  /** UTF-8, one code unit a byte. */
  readonly bytes: string;
  /** Variables that the result was made of. */
  readonly names: readonly string[];
}

/** Works out the calls of one text. Throws `TemplateFailure`. */
export class Evaluator {
  readonly #text: string;
  readonly #variables: Variables;
  readonly #isStrict: boolean;
  readonly #marks: Marks;
  readonly #bounds = new Bounds();

  constructor(text: string, variables: Variables, isStrict: boolean, marks: Marks) {
    this.#text = text;
    this.#variables = variables;
    this.#isStrict = isStrict;
    this.#marks = marks;
  }

  /** A part of the text itself, not of an argument. */
  evaluate(part: Part): Evaluated {
    try {
      return this.#part(part);
    } catch (error) {
      if (error instanceof LibraryPanic)
        throw new TemplateFailure('panic', error.message, part.start);
      if (error instanceof Unset) throw new TemplateFailure('refused', error.message, part.start);
      if (error instanceof BoundReached) {
        throw new TemplateFailure('limit', error.message, part.start);
      }
      throw error;
    }
  }

  #part(part: Part): Evaluated {
    const evaluated = part.kind === 'text' ? { bytes: part.text, names: [] } : this.#call(part);
    this.#bounds.make(evaluated.bytes.length);
    return evaluated;
  }

  #call(call: Call): Evaluated {
    // In the library's order: arguments before the variable, so that it is their fault that counts.
    const args = call.args.map((arg) => this.#part(arg));
    const variable = this.#variables.named.get(call.name) ?? this.#variables.others;
    if (variable === undefined) return this.#unset(call, args);
    if ('unknown' in variable) return this.#gap(call, variable, args);
    const value = toBytes(cleanValue(variable.value));
    if (!isDefault(call.operator)) return this.#operate(call, value, args, [call.name]);
    return value === '' ? joined(args, [call.name]) : { bytes: value, names: [call.name] };
  }

  #unset(call: Call, args: readonly Evaluated[]): Evaluated {
    if (isDefault(call.operator)) return joined(args, []);
    if (!this.#isStrict) return this.#operate(call, '', args, []);
    throw new Unset(fromBytes(call.name) ?? call.name);
  }

  #operate(
    call: Call,
    value: string,
    args: readonly Evaluated[],
    own: readonly string[],
  ): Evaluated {
    const names = [...own, ...args.flatMap((arg) => arg.names)];
    const gaps = this.#gapsIn(args);
    if (gaps.length > 0) return this.#marked(call, reasonsOf(gaps), names);
    const texts = args.map((arg) => arg.bytes);
    return { bytes: applyOperator(call.operator, value, texts, this.#bounds), names };
  }

  #gap(call: Call, { unknown }: UnknownVariable, args: readonly Evaluated[]): Evaluated {
    const name = fromBytes(call.name) ?? call.name;
    const reasons = [`variable ${name} ${unknown}`, ...reasonsOf(this.#gapsIn(args))];
    return this.#marked(call, reasons, [call.name, ...args.flatMap((arg) => arg.names)]);
  }

  #marked(call: Call, reasons: readonly string[], names: readonly string[]): Evaluated {
    const written = this.#text.slice(call.start, call.end);
    const mark = this.#marks.add({ reasons, text: fromBytes(written) ?? written });
    return { bytes: toBytes(mark), names };
  }

  #gapsIn(args: readonly Evaluated[]): Gap[] {
    return args.flatMap((arg) => this.#marks.in(fromBytes(arg.bytes) ?? ''));
  }
}

/** A variable that is not set, in strict mode. */
class Unset extends Error {
  constructor(name: string) {
    super(`variable not set (strict mode): ${JSON.stringify(name)}`);
  }
}

function reasonsOf(gaps: readonly Gap[]): string[] {
  return gaps.flatMap((gap) => gap.reasons);
}

function joined(args: readonly Evaluated[], own: readonly string[]): Evaluated {
  return {
    bytes: args.map((arg) => arg.bytes).join(''),
    names: [...own, ...args.flatMap((arg) => arg.names)],
  };
}
