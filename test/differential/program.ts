import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** What a build printed, or why it failed. */
export type ProgramResult = { readonly output: string } | { readonly error: string };

export interface Program {
  readonly name: string;
  build(root: string, directory: string): Promise<ProgramResult>;
}

const TIMEOUT_MS = 300_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

const CANDIDATES: readonly { command: string; subcommand: string }[] = [
  { command: 'kustomize', subcommand: 'build' },
  { command: 'kubectl', subcommand: 'kustomize' },
];

/**
 * The real program of this machine.
 *
 * @param path of a kustomize or kubectl to use instead
 */
export async function findProgram(path?: string): Promise<Program | undefined> {
  const candidates =
    path === undefined
      ? CANDIDATES
      : [{ command: path, subcommand: path.endsWith('kubectl') ? 'kustomize' : 'build' }];
  for (const { command, subcommand } of candidates) {
    const version = await run(command, [subcommand, '--help']);
    if ('error' in version) continue;
    return {
      name: `${command} ${subcommand}`,
      build: (root, directory) =>
        run(command, [subcommand, '--load-restrictor=LoadRestrictionsNone', join(root, directory)]),
    };
  }
  return undefined;
}

/** No plugin, credential or configuration of the machine is near the program. */
const home = mkdtempSync(join(tmpdir(), 'differential-'));

function run(command: string, commandArguments: readonly string[]): Promise<ProgramResult> {
  const env = { PATH: process.env.PATH, HOME: home, GIT_TERMINAL_PROMPT: '0' };
  const options = { env, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, cwd: home };
  return new Promise((resolve) => {
    execFile(command, commandArguments, options, (error, output, errors) => {
      resolve(error ? { error: errors.trim() || error.message } : { output });
    });
  });
}
