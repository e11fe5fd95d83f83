import { KUBERNETES_TYPES } from './kubernetes-types.ts';

/** What the API server's decoder makes of a JSON value. */
export interface GoType {
  readonly kind:
    | 'struct'
    | 'list'
    | 'map'
    | 'string'
    | 'bool'
    | 'int32'
    | 'int64'
    | 'quantity'
    | 'int-or-string'
    | 'time'
    | 'any';
  /** As messages of the API server print it: `[]v1.Container`. */
  readonly name: string;
  /** Of a list's items or a map's values. */
  readonly item: GoType | undefined;
  /**
   * Of a struct, by JSON name. Filled after creation, since types name each other. An object
   * without a prototype: reading fields from it is a fifth faster than from a Map.
   */
  readonly fields: Fields;
  /** What `typeof` says of a value that needs no second look; `never` where there is none. */
  readonly plain: 'string' | 'boolean' | 'never';
}

export interface GoField {
  /** The JSON name, after the name of the Go struct it was taken in from, if any. */
  readonly path: string;
  readonly type: GoType;
}

/** Asked with names from manifests: there is no prototype for them to find. */
export type Fields = Record<string, GoField | undefined>;

const SPECIAL: Record<string, GoType> = {
  string: scalar('string', 'string', 'string'),
  bool: scalar('bool', 'bool', 'boolean'),
  int32: scalar('int32', 'int32'),
  int64: scalar('int64', 'int64'),
  any: scalar('any', 'any'),
  Quantity: scalar('quantity', 'resource.Quantity'),
  IntOrString: scalar('int-or-string', 'intstr.IntOrString'),
  Time: scalar('time', 'v1.Time'),
};

function scalar(kind: GoType['kind'], name: string, plain: GoType['plain'] = 'never'): GoType {
  return create(kind, name, undefined, plain);
}

/** All types are made here, so that they have one shape and are quick to read. */
function create(
  kind: GoType['kind'],
  name: string,
  item: GoType | undefined,
  plain: GoType['plain'],
): GoType {
  return { kind, name, item, fields: Object.create(null) as Fields, plain };
}

const declarations = readDeclarations(KUBERNETES_TYPES);
const types = new Map<string, GoType>(Object.entries(SPECIAL));

/** The type of that name in the table, without its package: `Pod`, `PodTemplateSpec`. */
export function goType(name: string): GoType {
  const known = types.get(name);
  if (known) return known;
  const type = declare(name);
  types.set(name, type);
  // Only now: a type may hold itself, and then finds the one just set.
  const declaration = declarations.get(name);
  if (declaration !== undefined) addFields(type.fields, declaration, '');
  return type;
}

function declare(name: string): GoType {
  const list = /^\[\](.+)$/.exec(name)?.[1];
  if (list !== undefined) return container('list', goType(list), `[]${goType(list).name}`);
  const [, key, value] = /^map\[(\w+)\](.+)$/.exec(name) ?? [];
  if (key !== undefined && value !== undefined) {
    return container('map', goType(value), `map[${goType(key).name}]${goType(value).name}`);
  }
  if (name === 'ResourceList') return container('map', goType('Quantity'), 'v1.ResourceList');
  const qualified = name.includes('.') ? name : `v1.${name}`;
  if (!declarations.has(name)) return scalar('string', qualified, 'string');
  return create('struct', qualified, undefined, 'never');
}

function container(kind: 'list' | 'map', item: GoType, name: string): GoType {
  return create(kind, name, item, 'never');
}

function addFields(fields: Fields, declaration: string, prefix: string): void {
  if (declaration.startsWith('=')) {
    addFields(fields, declarations.get(declaration.slice(1)) ?? '', prefix);
    return;
  }
  for (const field of declaration.split(',')) {
    const [name = '', type = ''] = field.trim().split(' ');
    if (name.startsWith('...')) {
      const embedded = name.slice(3);
      addFields(fields, declarations.get(embedded) ?? '', `${prefix}${embedded}.`);
    } else if (name !== '') {
      fields[name] = { path: prefix + name, type: goType(type) };
    }
  }
}

function readDeclarations(table: string): Map<string, string> {
  const lines = table
    .replace(/\n {2}/g, ' ')
    .trim()
    .split('\n');
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
}
