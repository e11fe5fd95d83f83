import { createHash } from 'node:crypto';

import type { Commit, Tag } from '../model/commit.ts';
import { createByteBuffer, forEachLine, startsWith, utf8 } from './bytes.ts';
import { decodeText, parsePerson } from './person.ts';
import { kindOfSignature } from './signature-kind.ts';

/** A signature and the bytes that it signs. */
export interface Signed {
  readonly type: 'commit' | 'tag';
  /** As Flux takes it from the object; empty when there is none. */
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
}

export type SignedCommit = Commit & Signed & { readonly type: 'commit' };
export type SignedTag = Tag & Signed & { readonly type: 'tag' };

/** The object is not what git writes: Flux cannot check it out. */
export interface Undecodable {
  readonly type: 'undecodable';
  /** Flux's text. */
  readonly error: string;
}

/** First lines of what may stand at the end of a tag's message and is then its signature. */
const TAG_SIGNATURES = [
  '-----BEGIN PGP SIGNATURE-----',
  '-----BEGIN PGP MESSAGE-----',
  '-----BEGIN CERTIFICATE-----',
  '-----BEGIN SIGNED MESSAGE-----',
  '-----BEGIN SSH SIGNATURE-----',
].map(utf8);

const OBJECT_TYPES = new Set(['commit', 'tree', 'blob', 'tag', 'ofs-delta', 'ref-delta']);
const OBJECT_ID = /^[0-9a-f]{40}$/i;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/**
 * Reads a raw commit (`git cat-file commit`, without the `commit <size>` prefix) as go-git 5.19
 * does: `tree` first, then parents, author and committer in this order, each ignored elsewhere;
 * several `gpgsig` headers are joined. Attacker-controlled; any bytes give an answer.
 */
export function parseCommit(bytes: Uint8Array): SignedCommit | Undecodable {
  const lines = createHeaderReader(bytes);
  if (lines.isAtEnd()) return undecodable('malformed commit: missing tree header');
  const tree = lines.take('tree');
  if (tree === undefined) return undecodable('malformed commit: tree header must be first');
  if (!isObjectId(tree)) return undecodable('malformed commit: bad tree hash');
  const parents: string[] = [];
  for (let parent = lines.take('parent'); parent !== undefined; parent = lines.take('parent')) {
    if (!isObjectId(parent)) return undecodable('malformed commit: bad parent hash');
    parents.push(latin1(parent));
  }
  const author = lines.take('author');
  const committer = lines.take('committer');
  const { signature, encoding, body } = readOtherHeaders(bytes, lines.offset());
  return {
    type: 'commit',
    id: objectId('commit', bytes),
    tree: latin1(tree),
    parents,
    author: parsePerson(author, encoding),
    committer: parsePerson(committer, encoding),
    message: decodeText(bytes.subarray(body), encoding),
    signatureKind: kindOfSignature(signature),
    signature,
    payload: withoutSignatureHeaders(bytes),
  };
}

/**
 * Reads a raw annotated tag as go-git 5.19 does. Its signature is what follows the last line of
 * the message that begins an armor block; `gpgsig` headers of tags are not looked at.
 */
export function parseTag(bytes: Uint8Array): SignedTag | Undecodable {
  const lines = createHeaderReader(bytes);
  if (lines.isAtEnd()) return undecodable('malformed tag: missing object header');
  const object = lines.take('object');
  if (object === undefined) return undecodable('malformed tag: object header must be first');
  if (!isObjectId(object)) return undecodable('malformed tag: bad object hash');
  if (lines.isAtEnd()) return undecodable('malformed tag: missing type header');
  const type = lines.take('type');
  if (type === undefined) return undecodable('malformed tag: type header must follow object');
  if (!OBJECT_TYPES.has(latin1(type))) return undecodable('invalid object type');
  if (lines.isAtEnd()) return undecodable('malformed tag: missing tag header');
  const name = lines.take('tag');
  if (name === undefined) return undecodable('malformed tag: tag header must follow type');
  const tagger = lines.take('tagger');
  const { body: start } = readOtherHeaders(bytes, lines.offset());
  const body = bytes.subarray(start);
  const at = lastSignature(body);
  const signature = body.subarray(at);
  return {
    type: 'tag',
    id: objectId('tag', bytes),
    name: decodeText(name),
    target: latin1(object),
    tagger: parsePerson(tagger),
    message: decodeText(body.subarray(0, at)),
    signatureKind: kindOfSignature(signature),
    signature,
    payload: withoutSignatureHeaders(bytes.subarray(0, lastSignature(bytes))),
  };
}

/** Reads the headers whose place is fixed. */
interface HeaderReader {
  /** The value of the next line when it is this header; else the line stays. */
  readonly take: (name: string) => Uint8Array | undefined;
  /** The headers end here: an empty line, or the end of the object. */
  readonly isAtEnd: () => boolean;
  readonly offset: () => number;
}

function createHeaderReader(bytes: Uint8Array): HeaderReader {
  let at = 0;

  function take(name: string): Uint8Array | undefined {
    const feed = bytes.indexOf(LINE_FEED, at);
    const line = bytes.subarray(at, feed === -1 ? bytes.length : feed);
    const value = valueOf(line, utf8(name));
    if (value !== undefined) at = feed === -1 ? bytes.length : feed + 1;
    return value;
  }

  return {
    take,
    isAtEnd: () => at >= bytes.length || bytes[at] === LINE_FEED,
    offset: () => at,
  };
}

/** What follows a header's name and one space; empty when only the name stands there. */
function valueOf(line: Uint8Array, name: Uint8Array): Uint8Array | undefined {
  if (!startsWith(line, name)) return undefined;
  if (line.length === name.length) return line.subarray(name.length);
  return line[name.length] === SPACE ? line.subarray(name.length + 1) : undefined;
}

interface OtherHeaders {
  /** All `gpgsig` values one after the other, as git joins them. */
  readonly signature: Uint8Array;
  readonly encoding: Uint8Array | undefined;
  /** Where the message begins. */
  readonly body: number;
}

const SIGNATURE = utf8('gpgsig');
const ENCODING = utf8('encoding');

function readOtherHeaders(bytes: Uint8Array, from: number): OtherHeaders {
  const signature = createByteBuffer();
  let encoding: Uint8Array | undefined;
  let body = bytes.length;
  let continues = false;
  forEachLine(bytes, from, (start, end) => {
    if (isBlank(bytes, start, end)) {
      body = end;
      return 'stop';
    }
    if (continues && bytes[start] === SPACE) {
      signature.append(bytes.subarray(start + 1, end));
      return undefined;
    }
    const line = bytes.subarray(start, bytes[end - 1] === LINE_FEED ? end - 1 : end);
    const value = valueOf(line, SIGNATURE);
    continues = value !== undefined;
    if (value !== undefined) {
      signature.append(value);
      signature.append(Uint8Array.of(LINE_FEED));
    }
    encoding ??= valueOf(line, ENCODING);
    return undefined;
  });
  return { signature: signature.bytes(), encoding, body };
}

const SIGNATURE_HEADERS = [utf8('gpgsig '), utf8('gpgsig-sha256 ')];

/**
 * The object without its signature headers and their continuation lines, otherwise untouched. Only
 * with a value is a header one of them.
 */
function withoutSignatureHeaders(bytes: Uint8Array): Uint8Array {
  const payload = createByteBuffer();
  let kept = 0;
  let isSkipping = false;
  forEachLine(bytes, 0, (start, end) => {
    if (isBlank(bytes, start, end)) return 'stop';
    const wasSkipping = isSkipping;
    isSkipping =
      SIGNATURE_HEADERS.some((header) => startsWith(bytes, header, start)) ||
      (isSkipping && bytes[start] === SPACE);
    if (isSkipping && !wasSkipping) payload.append(bytes.subarray(kept, start));
    if (isSkipping) kept = end;
    return undefined;
  });
  if (kept === 0) return bytes;
  payload.append(bytes.subarray(kept));
  return payload.bytes();
}

/** Where the last line begins that starts an armor block; the end when there is none. */
function lastSignature(bytes: Uint8Array): number {
  let at = bytes.length;
  forEachLine(bytes, 0, (start) => {
    if (TAG_SIGNATURES.some((begin) => startsWith(bytes, begin, start))) at = start;
    return undefined;
  });
  return at;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === LINE_FEED;
}

function isObjectId(value: Uint8Array): boolean {
  return value.length === 40 && OBJECT_ID.test(latin1(value));
}

function objectId(type: 'commit' | 'tag', bytes: Uint8Array): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function undecodable(error: string): Undecodable {
  return { type: 'undecodable', error };
}
