import process from 'node:process';
import { isatty } from 'node:tty';

import picocolors from 'picocolors';

import type { Colours } from '../report/pretty.ts';

/** A fault of the call or of the machine, with what to do. Ends the program with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Where a command writes; tests put their own in its place. */
export interface Output {
  /** The answer. */
  write(text: string): void;
  /** Never part of the answer. */
  remark(text: string): void;
  /** What is under way; said only where it takes long. */
  progress(text: string): void;
  readonly isTerminal: boolean;
}

/** The program's own output. */
export const standardOutput: Output = {
  write: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  remark: (text) => void process.stderr.write(`${text}\n`),
  progress: (text) => void process.stderr.write(`${text}\n`),
  isTerminal: isatty(1),
};

/** Colours where they help: on a terminal, unless NO_COLOR is set, or where FORCE_COLOR asks. */
export function coloursOf({ isTerminal }: Output): Colours {
  const isAsked = Boolean(process.env.FORCE_COLOR);
  return picocolors.createColors((isTerminal || isAsked) && picocolors.isColorSupported);
}

const QUIET_MILLISECONDS = 1000;

/** Runs work; says what it is about when it takes longer than a second. */
export async function withProgress<T>(
  output: Output,
  message: string,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => output.progress(message), QUIET_MILLISECONDS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
