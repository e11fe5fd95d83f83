import { createHash } from 'node:crypto';

import { type Commit, type Tag } from '../model/commit.ts';
import { concat, lines, startsWith, utf8 } from './bytes.ts';
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

const SIGNATURE_HEADERS = [utf8('gpgsig '), utf8('gpgsig-sha256 ')];
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
  const { headers, body } = splitObject(bytes);
  const [tree] = headers;
  if (tree === undefined) return undecodable('malformed commit: missing tree header');
  if (tree.name !== 'tree') return undecodable('malformed commit: tree header must be first');
  if (!isObjectId(tree.value)) return undecodable('malformed commit: bad tree hash');
  let next = 1;
  while (headers[next]?.name === 'parent') next += 1;
  const parents = headers.slice(1, next).map((header) => header.value);
  if (!parents.every(isObjectId)) return undecodable('malformed commit: bad parent hash');
  const author = headers[next]?.name === 'author' ? headers[next++] : undefined;
  const committer = headers[next]?.name === 'committer' ? headers[next++] : undefined;
  const encoding = headers.find((header) => header.name === 'encoding')?.value;
  const signature = joinSignatures(headers.slice(next));
  return {
    type: 'commit',
    id: objectId('commit', bytes),
    tree: latin1(tree.value),
    parents: parents.map(latin1),
    author: parsePerson(author?.value, encoding),
    committer: parsePerson(committer?.value, encoding),
    message: decodeText(body, encoding),
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
  const { headers, body } = splitObject(bytes);
  const [object, type, tag, tagger] = headers;
  if (object === undefined) return undecodable('malformed tag: missing object header');
  if (object.name !== 'object') return undecodable('malformed tag: object header must be first');
  if (!isObjectId(object.value)) return undecodable('malformed tag: bad object hash');
  if (type === undefined) return undecodable('malformed tag: missing type header');
  if (type.name !== 'type') return undecodable('malformed tag: type header must follow object');
  if (!OBJECT_TYPES.has(latin1(type.value))) return undecodable('invalid object type');
  if (tag === undefined) return undecodable('malformed tag: missing tag header');
  if (tag.name !== 'tag') return undecodable('malformed tag: tag header must follow type');
  const at = lastSignature(body);
  const signature = body.subarray(at);
  return {
    type: 'tag',
    id: objectId('tag', bytes),
    name: decodeText(tag.value),
    target: latin1(object.value),
    tagger: parsePerson(tagger?.name === 'tagger' ? tagger.value : undefined),
    message: decodeText(body.subarray(0, at)),
    signatureKind: kindOfSignature(signature),
    signature,
    payload: withoutSignatureHeaders(bytes.subarray(0, lastSignature(bytes))),
  };
}

interface Header {
  /** Up to the first space; empty for a continuation line. */
  readonly name: string;
  /** After that space, without the line end. */
  readonly value: Uint8Array;
  readonly line: Uint8Array;
}

function splitObject(bytes: Uint8Array): { headers: Header[]; body: Uint8Array } {
  const headers: Header[] = [];
  let read = 0;
  for (const line of lines(bytes)) {
    read += line.length;
    if (isBlank(line)) break;
    headers.push(toHeader(line));
  }
  return { headers, body: bytes.subarray(read) };
}

function toHeader(line: Uint8Array): Header {
  const end = line[line.length - 1] === LINE_FEED ? line.length - 1 : line.length;
  const space = line.indexOf(SPACE);
  if (space === -1) return { name: latin1(line.subarray(0, end)), value: EMPTY, line };
  return { name: latin1(line.subarray(0, space)), value: line.subarray(space + 1, end), line };
}

const EMPTY = new Uint8Array();

/** All `gpgsig` values one after the other, as git joins them. */
function joinSignatures(headers: readonly Header[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let continues = false;
  for (const header of headers) {
    if (header.name === 'gpgsig') {
      parts.push(header.value, Uint8Array.of(LINE_FEED));
      continues = true;
    } else if (continues && header.line[0] === SPACE) {
      parts.push(header.line.subarray(1));
    } else {
      continues = false;
    }
  }
  return concat(...parts);
}

/** The object without its signature headers and their continuation lines, otherwise untouched. */
function withoutSignatureHeaders(bytes: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let read = 0;
  let skipping = false;
  for (const line of lines(bytes)) {
    if (isBlank(line)) break;
    read += line.length;
    skipping = isSignatureHeader(line) || (skipping && line[0] === SPACE);
    if (!skipping) kept.push(line);
  }
  return concat(...kept, bytes.subarray(read));
}

/** Only the exact header: `gpgsig` without a value is not one. */
function isSignatureHeader(line: Uint8Array): boolean {
  return SIGNATURE_HEADERS.some((header) => startsWith(line, header));
}

/** Where the last line begins that starts an armor block; the end when there is none. */
function lastSignature(bytes: Uint8Array): number {
  let at = bytes.length;
  let read = 0;
  for (const line of lines(bytes)) {
    if (TAG_SIGNATURES.some((begin) => startsWith(line, begin))) at = read;
    read += line.length;
  }
  return at;
}

function isBlank(line: Uint8Array): boolean {
  return line.length === 1 && line[0] === LINE_FEED;
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
