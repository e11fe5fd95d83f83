import { spawn } from 'node:child_process';

/** The `git` binary answered with an exit code that the caller does not expect. */
export class GitProcessError extends Error {
  readonly code: number;
  readonly stderr: string;

  constructor(args: readonly string[], code: number, stderr: string) {
    super(`git ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
    this.name = 'GitProcessError';
    this.code = code;
    this.stderr = stderr;
  }
}

/** Nothing of the machine's own git configuration may colour an answer. */
export function gitEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...extra,
  };
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs git in a bare repository, with an argument array and never a shell.
 *
 * @param expected exit codes that are answers; any other one throws a {@link GitProcessError}
 */
export async function runGit(
  directory: string,
  args: readonly string[],
  options: { input?: string | Buffer; expected?: readonly number[] } = {},
): Promise<GitResult> {
  const child = spawn('git', ['--git-dir', directory, ...args], { env: gitEnvironment() });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A git that ends before it has read its input is no error of ours: its exit code tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve(exit ?? (signal === null ? 0 : 128)));
  });
  const result = {
    code,
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr).toString('utf8'),
  };
  if (!(options.expected ?? [0]).includes(code)) {
    throw new GitProcessError(args, code, result.stderr);
  }
  return result;
}

/** The trimmed standard output of a git command that must succeed. */
export async function gitText(directory: string, args: readonly string[]): Promise<string> {
  return (await runGit(directory, args)).stdout.toString('utf8').trim();
}
