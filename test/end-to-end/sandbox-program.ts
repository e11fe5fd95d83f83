import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { build } from 'vite';

const SOURCE = new URL('../../src/review/sandbox-child.ts', import.meta.url).pathname;

let made: Promise<string> | undefined;

/**
 * The program that reviews, in one file: it starts in a tenth of the time that a loader takes for
 * some six hundred files of TypeScript. Made once per process, and removed with it.
 */
export function sandboxProgram(): Promise<string> {
  made ??= make();
  return made;
}

async function make(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: { ssr: SOURCE, write: false, target: 'node20', rolldownOptions: { output: ONE_FILE } },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  const [chunk] = outputs;
  if (chunk?.type !== 'chunk') throw new Error('The program that reviews was not bundled.');
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-sandbox-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'sandbox-child.mjs');
  writeFileSync(file, chunk.code);
  return file;
}

const ONE_FILE = { format: 'esm', codeSplitting: false } as const;
