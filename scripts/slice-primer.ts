/**
 * Cuts what the preview page needs out of GitHub's Primer: the look of Markdown, and the colours of
 * both themes as far as they are used.
 *
 *     npm install --prefix SOME_FOLDER @primer/css @primer/primitives
 *     npx tsx scripts/slice-primer.ts SOME_FOLDER/node_modules/@primer
 *
 * Writes src/preview/primer.ts (then npx prettier --write it). The packages are 64 MB, which is why they are no dependencies.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = new URL('..', import.meta.url).pathname;
const OWN = 'src/preview/style.ts';
const TARGET = 'src/preview/primer.ts';

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error('Give the folder node_modules/@primer with the packages css and primitives.');
  process.exit(2);
}

const read = (path: string) => readFileSync(join(source, path), 'utf8');
const version = (name: string) =>
  (JSON.parse(read(`${name}/package.json`)) as { version: string }).version;

const sheets = ['base', 'markdown'].map((name) => withoutComments(read(`css/dist/${name}.css`)));
const css = sheets.join('');
const sizes = ['base/size/size', 'base/typography/typography', 'functional/typography/typography']
  .concat(['functional/size/border', 'functional/size/radius'])
  .map((path) => read(`primitives/dist/css/${path}.css`));
const theme = (name: string) =>
  variablesIn([...sizes, read(`primitives/dist/css/functional/themes/${name}.css`)].join('\n'));
const used = namesIn(css + readFileSync(join(ROOT, OWN), 'utf8'));
const [light, dark] = [pick(theme('light'), used), pick(theme('dark'), used)];
const differing = new Map([...dark].filter(([name, value]) => light.get(name) !== value));

writeFileSync(
  join(ROOT, TARGET),
  `/**
 * Of @primer/css ${version('css')} and @primer/primitives ${version('primitives')}, as scripts/slice-primer.ts cuts it out.
 *
${read('css/LICENSE')
  .trim()
  .split('\n')
  .map((line) => ` * ${line}`.trimEnd())
  .join('\n')}
 */
export const PRIMER = ${JSON.stringify(
    `:root{color-scheme:light dark;${toCss(light)}}@media(prefers-color-scheme:dark){:root{${toCss(differing)}}}${css}`,
  )
    .replace(/'/g, "\\'")
    .replace(/\\"/g, '"')
    .replace(/^"|"$/g, "'")};
`,
);

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, '').trim();
}

function variablesIn(text: string): Map<string, string> {
  const found = withoutComments(text).matchAll(/(--[\w-]+):\s*([^;}]+)[;}]/g);
  return new Map([...found].map(([, name = '', value = '']) => [name, value.trim()]));
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/var\((--[\w-]+)/g)].map(([, name = '']) => name);
}

/** Those that are used, and those that they are made of. */
function pick(all: ReadonlyMap<string, string>, names: readonly string[]): Map<string, string> {
  const picked = new Map<string, string>();
  for (const queue = [...names]; queue.length > 0;) {
    const name = queue.pop() ?? '';
    const value = all.get(name);
    if (value === undefined || picked.has(name)) continue;
    picked.set(name, value);
    queue.push(...namesIn(value));
  }
  return new Map([...picked].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toCss(variables: ReadonlyMap<string, string>): string {
  return [...variables].map(([name, value]) => `${name}:${value}`).join(';');
}
