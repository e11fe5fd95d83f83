import { createBase64Decoder } from '../base64.ts';
import { startsWith, trimSpace, utf8 } from '../bytes.ts';
import { PacketError, malformed, truncated } from './packet-error.ts';

export interface ArmoredBlock {
  /** `PGP PUBLIC KEY BLOCK`, `PGP SIGNATURE`, … */
  readonly type: string;
  readonly body: Uint8Array;
  /** What a reader meets who reads past the body; absent when the block ends well. */
  readonly failure?: PacketError;
  /** How many key blocks stand behind this one, whole or not: nobody reads them. */
  readonly ignoredBlocks: number;
}

const BEGIN = utf8('-----BEGIN ');
const END = utf8('-----END ');
const KEY_BLOCKS = ['PUBLIC', 'PRIVATE'].map((word) => utf8(`-----BEGIN PGP ${word} KEY BLOCK`));
const DASHES = 5;
/** Go reads armor through a buffer of this size; a longer line comes in parts. */
const LINE_BUFFER = 100;
const LONGEST_BODY_LINE = 96;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COLON = 0x3a;
const EQUALS = 0x3d;

/**
 * The first armor block in a text, found as Flux's OpenPGP library finds it: indented lines,
 * text around the block, a wrong or missing checksum and a missing last line are all fine, a
 * header without colon or no empty line before the body is not. Undefined when there is none.
 */
export function readArmor(text: Uint8Array): ArmoredBlock | undefined {
  const begin = findBlock(text, 0);
  if (begin === undefined) return undefined;
  const ignoredBlocks = countKeyBlocks(text.subarray(begin.next));
  return { type: begin.type, ...readBody(text, begin.next), ignoredBlocks };
}

/** Also those whose first line is glued to something else: their owners think them read. */
function countKeyBlocks(text: Uint8Array): number {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  let count = 0;
  for (const begin of KEY_BLOCKS) {
    for (let at = bytes.indexOf(begin); at !== -1; at = bytes.indexOf(begin, at + 1)) count += 1;
  }
  return count;
}

interface BlockBegin {
  readonly type: string;
  /** Offset of the body. */
  readonly next: number;
}

function findBlock(text: Uint8Array, from: number): BlockBegin | undefined {
  for (let begin = findBegin(text, from); begin;) {
    const headers = skipHeaders(text, begin.next);
    if (headers === undefined) return undefined;
    if (headers.valid) return { type: begin.type, next: headers.next };
    begin = findBegin(text, headers.next);
  }
  return undefined;
}

interface ReadLine {
  readonly line: Uint8Array;
  /** Where the next read begins. */
  readonly next: number;
  /** The line goes on: it is longer than the buffer. */
  readonly isPart: boolean;
}

function readLine(text: Uint8Array, at: number): ReadLine | undefined {
  if (at >= text.length) return undefined;
  const buffer = text.subarray(at, at + LINE_BUFFER);
  const feed = buffer.indexOf(LINE_FEED);
  if (feed === -1 && buffer.length === LINE_BUFFER) {
    // A carriage return at the end of the buffer may belong to a line end: it is read again.
    const length = buffer[LINE_BUFFER - 1] === CARRIAGE_RETURN ? LINE_BUFFER - 1 : LINE_BUFFER;
    return { line: buffer.subarray(0, length), next: at + length, isPart: true };
  }
  const next = feed === -1 ? text.length : at + feed + 1;
  const end = feed > 0 && buffer[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed;
  return { line: feed === -1 ? buffer : buffer.subarray(0, end), next, isPart: false };
}

function findBegin(text: Uint8Array, from: number): BlockBegin | undefined {
  let afterPart = false;
  for (let read = readLine(text, from); read; read = readLine(text, read.next)) {
    const line = trimSpace(read.line);
    const isWhole = !read.isPart && !afterPart;
    if (isWhole && line.length > BEGIN.length + DASHES && startsWith(line, BEGIN)) {
      const type = Buffer.from(line.subarray(BEGIN.length, line.length - DASHES));
      return { type: type.toString('latin1'), next: read.next };
    }
    afterPart = read.isPart;
  }
  return undefined;
}

/** Passes over `Key: value` lines up to the empty line; any other line makes the block invalid. */
function skipHeaders(text: Uint8Array, from: number): { valid: boolean; next: number } | undefined {
  let afterPart = false;
  for (let read = readLine(text, from); read; read = readLine(text, read.next)) {
    if (!afterPart) {
      const line = trimSpace(read.line);
      if (line.length === 0) return { valid: true, next: read.next };
      if (!line.includes(COLON)) return { valid: false, next: read.next };
    }
    afterPart = read.isPart;
  }
  return undefined;
}

function readBody(text: Uint8Array, from: number): Pick<ArmoredBlock, 'body' | 'failure'> {
  const decoder = createBase64Decoder();
  let failure: PacketError | undefined;
  for (let read = readLine(text, from); read; read = readLine(text, read.next)) {
    const line = trimSpace(read.line);
    if (!read.isPart && (startsWith(line, END) || isChecksum(line))) break;
    if (read.isPart || line.length > LONGEST_BODY_LINE) failure = malformed('armor invalid');
    else if (!decoder.feed(line)) failure = new PacketError('corrupt-armor', 'illegal base64 data');
    if (failure !== undefined) break;
  }
  if (failure === undefined && !decoder.isComplete()) failure = truncated();
  return { body: decoder.decoded(), ...(failure && { failure }) };
}

/** The checksum is never compared: it only ends the body. */
function isChecksum(line: Uint8Array): boolean {
  return line.length === 5 && line[0] === EQUALS;
}
