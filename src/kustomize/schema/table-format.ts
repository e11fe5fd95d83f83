import type { FieldSchema, SchemaTable } from './schema.ts';

/*
 * A schema table as text, one fact a line:
 *
 *     type NAME FIELD FIELD>TYPE FIELD*KEY,KEY>TYPE FIELD*
 *     kind APIVERSION KIND TYPE
 *     cluster APIVERSION KIND
 *     namespaced APIVERSION KIND
 *
 * `>TYPE` names the type of the map or of the list's items, `*KEY,KEY` the merge keys of a list.
 */

export function printTable({ types, kinds, namespaced }: SchemaTable): string {
  const lines = [
    ...[...types].map(([name, fields]) => ['type', name, ...printFields(fields)].join(' ')),
    ...[...kinds].map(([kind, type]) => `kind ${kind} ${types.has(type) ? type : '-'}`),
    ...[...namespaced].map(([kind, isIn]) => `${isIn ? 'namespaced' : 'cluster'} ${kind}`),
  ];
  return `${lines.sort().join('\n')}\n`;
}

function printFields(fields: ReadonlyMap<string, FieldSchema>): string[] {
  return [...fields].map(
    ([name, { keys, type }]) => `${name}${keys ? `*${keys.join(',')}` : ''}${type && `>${type}`}`,
  );
}

export function readTable(text: string): SchemaTable {
  const types = new Map<string, ReadonlyMap<string, FieldSchema>>();
  const kinds = new Map<string, string>();
  const namespaced = new Map<string, boolean>();
  for (const line of text.split('\n')) {
    const [fact, name = '', ...rest] = line.split(' ');
    if (fact === 'type') types.set(name, new Map(rest.map(readField)));
    else if (fact === 'kind') kinds.set(`${name} ${rest[0] ?? ''}`, rest[1] ?? '');
    else if (fact) namespaced.set(`${name} ${rest[0] ?? ''}`, fact === 'namespaced');
  }
  return { types, kinds, namespaced };
}

const FIELD = /^(?<name>.+?)(?:\*(?<keys>[^>]*))?(?:>(?<type>.+))?$/;

function readField(text: string): [string, FieldSchema] {
  const { name = '', keys, type = '' } = FIELD.exec(text)?.groups ?? {};
  if (keys === undefined) return [name, { type }];
  return [name, { keys: keys === '' ? [] : keys.split(','), type }];
}
