import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../fixtures/kustomize');

/** A repository in one file, and what building it gives. */
export interface BuildCase {
  /** `feature/name`. */
  readonly name: string;
  readonly directory: string;
  readonly files: Readonly<Record<string, string>>;
  /** What the real program prints; absent where it fails. */
  readonly output?: string;
  /** Problems that are told, each `path:line code: message`; absent where it builds. */
  readonly problems?: readonly string[];
}

/** The cases of `fixtures/kustomize`, whose README tells their form. */
export function readCases(): BuildCase[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.txt'))
    .sort()
    .map((path) => parseCase(path.slice(0, -4), readFileSync(join(FOLDER, path), 'utf8')));
}

function parseCase(name: string, text: string): BuildCase {
  const [head = '', ...sections] = text.split(/^== /m);
  const files: Record<string, string> = {};
  let expected: Pick<BuildCase, 'output' | 'problems'> = {};
  for (const section of sections) {
    const lineEnd = section.indexOf('\n');
    const title = section.slice(0, lineEnd);
    const body = section.slice(lineEnd + 1).replace(/\n\\ no newline\n$/, '');
    if (title === 'output') expected = { output: body };
    else if (title === 'problems') expected = { problems: body.split('\n').slice(0, -1) };
    else files[title] = body;
  }
  const directory = /^directory: (.*)$/m.exec(head)?.[1] ?? '';
  return { name, directory, files, ...expected };
}
