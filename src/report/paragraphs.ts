import type { Finding } from '../model/finding.ts';
import { renderLine } from './section.ts';

/** What a page says of the command that lists what it has no room for. */
export const ALL = '`fluxgate review --all` lists all of them.';

/** Kept free for the folded lists at the end, characters. */
export const RESERVE = 9000;

/** Paragraphs within a budget: what is added last may have no room, and is told so by `add`. */
export class Paragraphs {
  readonly #parts: string[] = [];
  #left: number;

  constructor(budget: number) {
    this.#left = budget;
  }

  get left(): number {
    return this.#left;
  }

  /** @returns whether there was room */
  add(part: string): boolean {
    if (part === '') return true;
    if (part.length + 2 > this.#left) return false;
    this.#parts.push(part);
    this.#left -= part.length + 2;
    return true;
  }

  /** A section of many lines: as many as have room, and how many more there are. */
  addLines(section: string, maximum: number): void {
    const lines = section.split('\n');
    const room = Math.min(this.#left, maximum) - 100;
    let used = 0;
    let kept = 0;
    for (const line of lines) {
      used += line.length + 1;
      if (used > room) break;
      kept += 1;
    }
    const more = lines.length - kept;
    this.add(
      more === 0
        ? section
        : [...lines.slice(0, kept), `- and ${more} more lines: ${ALL}`].join('\n'),
    );
  }

  text(): string {
    return this.#parts.join('\n\n');
  }
}

/** Findings on a line each, folded away; the count stands in the fold's title. */
export function addFolded(page: Paragraphs, title: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const budget = Math.max(0, Math.min(page.left, RESERVE / 2) - 300);
  const lines: string[] = [];
  let used = 0;
  for (const finding of findings) {
    const line = renderLine(finding);
    used += line.length + 1;
    if (used > budget) break;
    lines.push(line);
  }
  const more = findings.length - lines.length;
  if (more > 0) lines.push(`- and ${more} more: ${ALL}`);
  if (lines.length === 1 && more > 0) page.add(`${title}: ${ALL}`);
  else page.add(`<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`);
}
