/**
 * A plain value as YAML that a person might have written: blocks and flows, indented or not, with
 * comments everywhere, quotes of every kind and three ways to write nothing.
 *
 * @param seed the same value and seed give the same text
 */
export function writeYaml(value: unknown, seed: number): string {
  const writer = new Writer(seed);
  const text = `${writer.comment(0)}${writer.block(value, 0)}`;
  return writer.chance(10) ? text.replaceAll('\n', '\r\n') : text;
}

class Writer {
  #state: number;
  #comments = 0;
  readonly #isIndented: boolean;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    this.#isIndented = this.chance(2);
  }

  /** True once in so many. */
  chance(of: number): boolean {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % of === 0;
  }

  comment(indent: number): string {
    if (!this.chance(8)) return '';
    this.#comments += 1;
    return `${' '.repeat(indent)}# comment ${this.#comments}\n`;
  }

  /** Behind a value on its line. */
  #beside(): string {
    if (!this.chance(8)) return '';
    this.#comments += 1;
    return ` # comment ${this.#comments}`;
  }

  /** Lines of a map or list at an indent; one line for anything else. */
  block(value: unknown, indent: number): string {
    if (isMap(value) && Object.keys(value).length > 0) return this.#map(value, indent);
    if (Array.isArray(value) && value.length > 0) return this.#list(value, indent);
    return `${' '.repeat(indent)}${this.#flow(value)}${this.#beside()}\n`;
  }

  #map(map: Record<string, unknown>, indent: number): string {
    return Object.entries(map)
      .map(([key, value]) => {
        const head = `${this.comment(indent)}${' '.repeat(indent)}${this.#key(key)}:`;
        return (
          head + this.#behind(value, indent, Array.isArray(value) && !this.#isIndented ? 0 : 2)
        );
      })
      .join('');
  }

  #list(items: readonly unknown[], indent: number): string {
    return items
      .map((item) => {
        const head = `${this.comment(indent)}${' '.repeat(indent)}-`;
        const isOpen = isMap(item) && Object.keys(item).length > 0 && !this.chance(4);
        if (!isOpen) return head + this.#behind(item, indent, 2);
        const lines = this.#map(item, indent + 2);
        // The first field shares the line of the dash, unless a comment stands there.
        return lines.trimStart().startsWith('#')
          ? `${head}\n${lines}`
          : `${head} ${lines.trimStart()}`;
      })
      .join('');
  }

  /** What stands behind a colon or a dash, and its line end. */
  #behind(value: unknown, indent: number, deeper: number): string {
    const isCollection = typeof value === 'object' && value !== null;
    if (isCollection && Object.keys(value).length > 0 && !this.chance(5)) {
      return `${this.#beside()}\n${this.block(value, indent + deeper)}`;
    }
    if (value === null && this.chance(2)) return `${this.#beside()}\n`;
    return ` ${this.#flow(value)}${this.#beside()}\n`;
  }

  #flow(value: unknown): string {
    const space = this.chance(2) ? ' ' : '';
    if (Array.isArray(value)) return `[${value.map((item) => this.#flow(item)).join(', ')}]`;
    if (isMap(value)) {
      const fields = Object.entries(value).map(
        ([key, inner]) => `${this.#key(key)}: ${this.#flow(inner)}`,
      );
      return fields.length === 0 ? '{}' : `{${space}${fields.join(', ')}${space}}`;
    }
    if (value === null) return this.chance(2) ? 'null' : '~';
    return typeof value === 'string' ? this.#text(value) : JSON.stringify(value);
  }

  #key(key: string): string {
    return this.#text(key);
  }

  #text(text: string): string {
    const isPlain =
      /^[A-Za-z][A-Za-z_./-]*$/.test(text) &&
      !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
    if (isPlain && !this.chance(5)) return text;
    return this.chance(2) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
