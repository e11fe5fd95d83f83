import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateSync } from 'node:zlib';

import { gitEnvironment } from './process.ts';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/** A folder of git objects, shared by a repository and its forks as on the real GitHub. */
export interface ObjectStore {
  /** The bare repository whose `objects` folder this is. */
  readonly directory: string;
  /** Undefined when there is no such object. */
  read(id: string): Promise<GitObject | undefined>;
  /** Answers the object's id. Writing what exists already is free. */
  write(type: ObjectType, bytes: Buffer): string;
  close(): void;
}

export function objectId(type: ObjectType, bytes: Buffer): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

/**
 * Opens the object folder of a bare repository. Objects are written as loose files and read through
 * one long-lived `git cat-file --batch`, so that neither costs a process.
 */
export function openObjects(directory: string): ObjectStore {
  const written = new Set<string>();
  let reader: BatchReader | undefined;
  return {
    directory,
    read: (id) => (reader ??= startReader(directory)).read(id),
    write(type, bytes) {
      const id = objectId(type, bytes);
      if (!written.has(id)) writeLoose(directory, id, type, bytes);
      written.add(id);
      return id;
    },
    close: () => reader?.close(),
  };
}

function writeLoose(directory: string, id: string, type: ObjectType, bytes: Buffer): void {
  const folder = join(directory, 'objects', id.slice(0, 2));
  const file = join(folder, id.slice(2));
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
  // Renamed into place, since a git process may look at the same moment.
  writeFileSync(`${file}.new`, deflateSync(whole, { level: constants.Z_BEST_SPEED }));
  renameSync(`${file}.new`, file);
}

interface BatchReader {
  read(id: string): Promise<GitObject | undefined>;
  close(): void;
}

function startReader(directory: string): BatchReader {
  const child: ChildProcessWithoutNullStreams = spawn(
    'git',
    ['--git-dir', directory, 'cat-file', '--batch'],
    { env: gitEnvironment() },
  );
  const waiting: ((object: GitObject | undefined) => void)[] = [];
  const chunks: Buffer[] = [];
  let available = 0;
  let needed = 1;

  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    available += chunk.length;
    // Joining the chunks of a large object once, when it is whole, keeps reading it linear.
    if (available < needed) return;
    let rest = Buffer.concat(chunks);
    for (;;) {
      const answer = takeAnswer(rest);
      if (answer.state === 'partial') {
        needed = answer.needed;
        break;
      }
      waiting.shift()?.(answer.object);
      rest = rest.subarray(answer.length);
    }
    chunks.splice(0, chunks.length, rest);
    available = rest.length;
  });
  child.on('close', () => {
    for (const answer of waiting.splice(0)) answer(undefined);
  });

  return {
    read: (id) =>
      new Promise((resolve) => {
        // A line feed would be a second question; anything that is no id has no object.
        if (!/^[0-9a-f]{40}$/.test(id)) {
          resolve(undefined);
          return;
        }
        waiting.push(resolve);
        child.stdin.write(`${id}\n`);
      }),
    close: () => void child.kill(),
  };
}

type BatchAnswer =
  | { readonly state: 'partial'; readonly needed: number }
  | {
      readonly state: 'whole';
      readonly length: number;
      readonly object: GitObject | undefined;
    };

/** One answer of `cat-file --batch`: `<id> <type> <size>` and the bytes, or `<id> missing`. */
function takeAnswer(bytes: Buffer): BatchAnswer {
  const lineEnd = bytes.indexOf(0x0a);
  if (lineEnd === -1) return { state: 'partial', needed: bytes.length + 1 };
  const [, type, size] = bytes.toString('latin1', 0, lineEnd).split(' ');
  if (size === undefined) return { state: 'whole', length: lineEnd + 1, object: undefined };
  const start = lineEnd + 1;
  const end = start + Number(size);
  if (bytes.length < end + 1) return { state: 'partial', needed: end + 1 };
  const object = { type: type as ObjectType, bytes: Buffer.from(bytes.subarray(start, end)) };
  return { state: 'whole', length: end + 1, object };
}
