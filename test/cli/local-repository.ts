import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

import type { Output } from '../../src/cli/output.ts';

/** A git repository on disk. */
export interface LocalRepository {
  readonly directory: string;
  /** Writes files (null takes one away) and commits them, on a branch where one is named. */
  commit(files: Readonly<Record<string, string | Buffer | null>>, branch?: string): string;
  git(...args: readonly string[]): string;
  remove(): void;
}

/** @param from a folder whose files are the first commit, on `main` */
export function createLocalRepository(from?: string): LocalRepository {
  const directory = mkdtempSync(join(tmpdir(), 'fluxgate-test-'));
  function git(...args: readonly string[]): string {
    return execFileSync('git', ['-C', directory, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Ada',
        GIT_AUTHOR_EMAIL: 'ada@example.org',
        GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@example.org',
        GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
      },
    }).trim();
  }
  function save(): string {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'A change');
    return git('rev-parse', 'HEAD');
  }
  git('init', '--quiet', '--initial-branch=main');
  if (from !== undefined) cpSync(from, directory, { recursive: true });
  save();
  return {
    directory,
    git,
    commit(files, branch) {
      if (branch !== undefined) git('switch', '--quiet', '--force-create', branch);
      for (const [path, content] of Object.entries(files)) {
        const file = join(directory, path);
        if (content === null) rmSync(file);
        else {
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, content);
        }
      }
      return save();
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** What a command wrote. */
export interface Written extends Output {
  readonly text: string;
  readonly remarks: readonly string[];
}

export function createOutput(): Written {
  const texts: string[] = [];
  const remarks: string[] = [];
  return {
    write: (text) => void texts.push(text),
    remark: (text) => void remarks.push(text),
    // Only a busy machine is slow enough to say anything.
    progress: () => undefined,
    isTerminal: false,
    get text() {
      return texts.join('\n');
    },
    remarks,
  };
}
