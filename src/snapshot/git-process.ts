import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';

/** A git command that did not end well. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly code: 'not-installed' | 'no-directory' | 'failed' | 'too-slow';
  /** What git said, without the command. */
  readonly said: string;

  constructor(code: GitError['code'], message: string, said = '') {
    super(message);
    this.code = code;
    this.said = said;
  }
}

export interface GitCall {
  /** The repository's working directory, or a bare repository. */
  readonly directory: string;
  readonly arguments: readonly string[];
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes besides 0 that are answers, not failures. */
  readonly accept?: readonly number[];
}

/**
 * Settings that keep a repository's own configuration from running programs or reaching the
 * network. Everything here is safe to point at a clone of untrusted origin.
 */
const HARDENED = [
  '--no-pager',
  '--no-replace-objects',
  '--literal-pathspecs',
  '-c core.fsmonitor=false',
  '-c core.hooksPath=/dev/null',
  '-c core.pager=cat',
  '-c protocol.allow=never',
  '-c credential.helper=',
  '-c diff.external=',
  '-c gc.auto=0',
].flatMap((option) => option.split(' '));

const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_PROTOCOL_FROM_USER: '0',
};

const TIMEOUT_MILLISECONDS = 120_000;

/** How a message names where git was run: a lone dot would read as the end of a sentence. */
export function placeName(directory: string): string {
  return directory === '.' ? 'this directory' : JSON.stringify(directory);
}

/**
 * Runs git and gives what it printed.
 *
 * @throws GitError when git is missing, fails, or takes longer than two minutes
 */
export async function runGit(call: GitCall): Promise<{ output: Buffer; exitCode: number }> {
  // Started in a directory that is not there, git would seem not to be installed.
  if (!statSync(call.directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new GitError('no-directory', `There is no directory ${JSON.stringify(call.directory)}.`);
  }
  const child = spawn('git', [...HARDENED, ...call.arguments], {
    cwd: call.directory,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...ENVIRONMENT,
      ...call.environment,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MILLISECONDS);
  try {
    return await new Promise((resolve, reject) => {
      const output: Buffer[] = [];
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
      // A command that ends early closes its input: its exit code tells why.
      child.stdin.on('error', () => undefined);
      child.stdin.end(call.input);
      child.on('error', (cause) => reject(toMissing(cause)));
      child.on('close', (exitCode, signal) => {
        if (exitCode === 0 || call.accept?.includes(exitCode ?? -1)) {
          resolve({ output: Buffer.concat(output), exitCode: exitCode ?? 0 });
        } else {
          reject(toFailure(call.arguments[0] ?? '', signal, said));
        }
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

function toMissing(cause: Error): GitError {
  const message = 'git could not be started: install git 2.38 or newer and put it on the PATH.';
  return Object.assign(new GitError('not-installed', message), { cause });
}

function toFailure(command: string, signal: NodeJS.Signals | null, said: string): GitError {
  if (signal === 'SIGKILL') return new GitError('too-slow', `git ${command} took too long.`);
  const reason = said.trim().split('\n').at(-1) ?? '';
  return new GitError('failed', `git ${command} failed: ${reason || 'no reason given'}`, said);
}
