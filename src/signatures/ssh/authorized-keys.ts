import { decodeBase64 } from '../base64.ts';
import { forEachLine, trimSpace } from '../bytes.ts';
import { decodeText } from '../person.ts';
import { type SshPublicKey, parseSshPublicKey } from './public-key.ts';
import { SshFormatError } from './wire.ts';

/** A line of an `authorized_keys` text. */
export interface AuthorizedKey {
  readonly key: SshPublicKey;
  readonly comment: string;
  /** As written before the key. Flux reads over them: an expiry there does not count. */
  readonly options: readonly string[];
  /** From 1. */
  readonly line: number;
}

/** A Secret entry read as `authorized_keys`. */
export interface SshEntry {
  readonly name: string;
  /** Empty when the entry is unreadable: one bad line spoils all. */
  readonly keys: readonly AuthorizedKey[];
  /** Flux's text when it cannot read the entry; it then goes on with the next one. */
  readonly error?: string;
  /** The line that spoils the entry, from 1. */
  readonly badLine?: number;
}

const HASH = 0x23;
const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CARRIAGE_RETURN = 0x0d;

/** Reads an entry as Flux 2.9 does. Attacker-controlled; never throws. */
export function readSshEntry(name: string, content: Uint8Array): SshEntry {
  const keys: AuthorizedKey[] = [];
  let line = 0;
  let badLine: number | undefined;
  forEachLine(content, 0, (start, end) => {
    line += 1;
    const text = trimSpace(content.subarray(start, end));
    if (text.length === 0 || text[0] === HASH) return undefined;
    const parsed = parseLine(text);
    if (parsed !== undefined) keys.push({ ...parsed, line });
    else badLine = line;
    return badLine === undefined ? undefined : 'stop';
  });
  if (badLine !== undefined) return { name, keys: [], error: 'ssh: no key found', badLine };
  return { name, keys };
}

type ParsedLine = Omit<AuthorizedKey, 'line'>;

/**
 * One line: a word, which may be anything and is usually the type, then the key; or options
 * before these two. Undefined when there is no key.
 */
function parseLine(text: Uint8Array): ParsedLine | undefined {
  const end = text.indexOf(CARRIAGE_RETURN);
  const line = trimSpace(end === -1 ? text : text.subarray(0, end));
  if (line.length === 0 || line[0] === HASH) return undefined;
  const word = indexOfBlank(line);
  if (word === -1) return undefined;
  const direct = parseKey(line.subarray(word));
  if (direct !== undefined) return { ...direct, options: [] };
  const { options, next } = readOptions(line);
  const rest = line.subarray(next);
  const type = indexOfBlank(rest);
  const afterOptions = type === -1 ? undefined : parseKey(rest.subarray(type));
  return afterOptions && { ...afterOptions, options };
}

/** Base64 of the key, then a comment. */
function parseKey(text: Uint8Array): Pick<AuthorizedKey, 'key' | 'comment'> | undefined {
  const trimmed = trimSpace(text);
  const blank = indexOfBlank(trimmed);
  const end = blank === -1 ? trimmed.length : blank;
  const blob = decodeBase64(trimmed.subarray(0, end));
  if (blob === undefined) return undefined;
  try {
    const key = parseSshPublicKey(blob);
    return { key, comment: decodeText(trimSpace(trimmed.subarray(end))) };
  } catch (error) {
    if (error instanceof SshFormatError) return undefined;
    throw error;
  }
}

/** Options up to the first blank outside of quotes, parted by commas. */
function readOptions(line: Uint8Array): { options: string[]; next: number } {
  const options: string[] = [];
  let isQuoted = false;
  let start = 0;
  let at = 0;
  for (; at < line.length; at += 1) {
    const byte = line[at];
    const isEnd = !isQuoted && isBlank(byte);
    if (isEnd || (byte === COMMA && !isQuoted)) {
      if (at > start) options.push(decodeText(line.subarray(start, at)));
      start = at + 1;
    }
    if (isEnd) break;
    if (byte === QUOTE && line[at - 1] !== BACKSLASH) isQuoted = !isQuoted;
  }
  while (at < line.length && isBlank(line[at])) at += 1;
  return { options, next: at };
}

function indexOfBlank(bytes: Uint8Array): number {
  return bytes.findIndex(isBlank);
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
