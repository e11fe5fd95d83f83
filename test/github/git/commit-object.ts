/** A person and a moment, as a commit or tag names them. */
export interface Identity {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970. */
  readonly seconds: number;
  /** `+0000` form. */
  readonly offset: string;
}

export interface CommitFields {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Identity;
  readonly committer: Identity;
  readonly message: string;
  /** An armored PGP or SSH signature, or a CMS one. */
  readonly signature?: string | undefined;
}

export interface Commit extends CommitFields {
  readonly id: string;
  /** The commit object without its signature header: what was signed. */
  readonly payload: string;
}

export interface Tag {
  readonly id: string;
  readonly object: string;
  readonly type: string;
  readonly name: string;
  readonly tagger: Identity;
  readonly message: string;
}

/** Reads a commit object. What people wrote into it is attacker-controlled and never trusted. */
export function parseCommit(id: string, bytes: Buffer): Commit {
  const text = bytes.toString('utf8');
  const { headers, message } = splitHeaders(text);
  const first = (name: string) => headers.find((header) => header.name === name)?.value ?? '';
  const signature = headers.find((header) => header.name === 'gpgsig');
  return {
    id,
    tree: first('tree'),
    parents: headers.filter((header) => header.name === 'parent').map((header) => header.value),
    author: parseIdentity(first('author')),
    committer: parseIdentity(first('committer')),
    message,
    signature: signature?.value,
    payload: signature === undefined ? text : text.replace(signature.source, ''),
  };
}

/** The bytes of a commit object. */
export function serializeCommit(fields: CommitFields): Buffer {
  const signature =
    fields.signature === undefined
      ? ''
      : `gpgsig ${fields.signature.trimEnd().replaceAll('\n', '\n ')}\n`;
  return Buffer.from(
    `tree ${fields.tree}\n` +
      fields.parents.map((parent) => `parent ${parent}\n`).join('') +
      `author ${formatIdentity(fields.author)}\n` +
      `committer ${formatIdentity(fields.committer)}\n` +
      `${signature}\n${fields.message}`,
  );
}

export function parseTag(id: string, bytes: Buffer): Tag {
  const { headers, message } = splitHeaders(bytes.toString('utf8'));
  const first = (name: string) => headers.find((header) => header.name === name)?.value ?? '';
  return {
    id,
    object: first('object'),
    type: first('type'),
    name: first('tag'),
    tagger: parseIdentity(first('tagger')),
    message,
  };
}

export function serializeTag(tag: Omit<Tag, 'id'>): Buffer {
  return Buffer.from(
    `object ${tag.object}\ntype ${tag.type}\ntag ${tag.name}\n` +
      `tagger ${formatIdentity(tag.tagger)}\n\n${tag.message}`,
  );
}

export function toIdentity(person: { name: string; email: string }, date: Date): Identity {
  return { ...person, seconds: Math.floor(date.getTime() / 1000), offset: '+0000' };
}

/** GitHub shows commit dates in UTC, to the second. */
export function identityDate(identity: Identity): string {
  return isoSeconds(new Date(identity.seconds * 1000));
}

/** `2025-01-01T00:00:00Z`: how GitHub writes nearly all dates. */
export function isoSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

interface Header {
  readonly name: string;
  readonly value: string;
  /** The header as it stands in the object, with its line ends. */
  readonly source: string;
}

function splitHeaders(text: string): { headers: Header[]; message: string } {
  const end = text.indexOf('\n\n');
  const head = end === -1 ? text : text.slice(0, end + 1);
  const headers = [...head.matchAll(/^([^ \n]+) (.*\n(?: .*\n)*)/gm)].map((match) => ({
    name: match[1] ?? '',
    value: (match[2] ?? '').replaceAll('\n ', '\n').replace(/\n$/, ''),
    source: match[0],
  }));
  return { headers, message: end === -1 ? '' : text.slice(end + 2) };
}

function parseIdentity(value: string): Identity {
  const match = /^(.*?) ?<([^>]*)> (\d+) ([+-]\d{4})$/.exec(value);
  return {
    name: match?.[1] ?? '',
    email: match?.[2] ?? '',
    seconds: Number(match?.[3] ?? 0),
    offset: match?.[4] ?? '+0000',
  };
}

function formatIdentity(identity: Identity): string {
  return `${identity.name} <${identity.email}> ${identity.seconds} ${identity.offset}`;
}
