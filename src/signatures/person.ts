import type { Person } from '../model/commit.ts';

const NOBODY: Person = { name: '', email: '' };
const TIME = /^[+-]?\d{1,15}$/;
const SPACE = 0x20;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A name line of a commit or tag: `Name <email> seconds zone`. As in go-git, a line without a
 * pair of angle brackets names nobody. Attacker-controlled; need not be UTF-8.
 */
export function parsePerson(line: Uint8Array | undefined, encoding?: Uint8Array): Person {
  if (line === undefined) return NOBODY;
  const open = line.lastIndexOf(0x3c);
  const close = line.lastIndexOf(0x3e);
  if (open === -1 || close < open) return NOBODY;
  const [time = ''] = decodeText(line.subarray(close + 2)).split(' ', 1);
  return {
    name: decodeText(trimSpaces(line.subarray(0, open)), encoding),
    email: decodeText(line.subarray(open + 1, close), encoding),
    ...(TIME.test(time) && { time: Number(time) }),
  };
}

/** Text for people: UTF-8 where it is, else the encoding that the object names, else Latin-1. */
export function decodeText(bytes: Uint8Array, encoding?: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return decodeAs(bytes, encoding) ?? toLatin1(bytes);
  }
}

function decodeAs(bytes: Uint8Array, encoding: Uint8Array | undefined): string | undefined {
  if (encoding === undefined) return undefined;
  try {
    return new TextDecoder(toLatin1(encoding), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function trimSpaces(bytes: Uint8Array): Uint8Array {
  let start = 0;
  let end = bytes.length;
  while (start < end && bytes[start] === SPACE) start += 1;
  while (end > start && bytes[end - 1] === SPACE) end -= 1;
  return bytes.subarray(start, end);
}

function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
