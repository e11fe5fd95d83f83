import type { FieldSchema, SchemaTable } from './schema.ts';

/** What is read of an OpenAPI v2 schema. Other fields do not change how lists merge. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly 'x-kubernetes-patch-strategy'?: unknown;
  readonly 'x-kubernetes-patch-merge-key'?: unknown;
  readonly 'x-kubernetes-list-map-keys'?: unknown;
  readonly 'x-kubernetes-group-version-kind'?: unknown;
}

export interface OpenApiPath {
  readonly get?: { readonly 'x-kubernetes-group-version-kind'?: unknown };
}

export interface OpenApiDocument {
  readonly definitions?: Readonly<Record<string, OpenApiSchema>>;
  readonly paths?: Readonly<Record<string, OpenApiPath>>;
}

const DEFINITION = '#/definitions/';

/** Deeper chains of references or nested schemas are cut: nothing real comes near. */
const MAX_DEPTH = 64;

/**
 * The merge keys, kinds and scopes that kustomize takes from OpenAPI documents (kyaml
 * `openapi/openapi.go`). Later documents stand over earlier ones. Types from which no merged list
 * can be reached are left out: to know them changes nothing.
 */
export function toSchemaTable(documents: readonly OpenApiDocument[]): SchemaTable {
  const types = new Map<string, Map<string, FieldSchema>>();
  const kinds = new Map<string, string>();
  const namespaced = new Map<string, boolean>();
  const definitions = new Map(
    documents.flatMap((document) => Object.entries(document.definitions ?? {})),
  );
  for (const [name, schema] of definitions) {
    addType(name, schema, 0);
    for (const kind of toKinds(schema['x-kubernetes-group-version-kind'])) kinds.set(kind, name);
  }
  for (const [path, { get }] of documents.flatMap(({ paths }) => Object.entries(paths ?? {}))) {
    for (const kind of toKinds([get?.['x-kubernetes-group-version-kind']])) {
      const isNamespaced = path.includes('namespaces/{namespace}');
      namespaced.set(kind, isNamespaced || (namespaced.get(kind) ?? false));
    }
  }
  return { types: prune(types), kinds, namespaced };

  function addType(name: string, schema: OpenApiSchema, depth: number): void {
    const fields = new Map<string, FieldSchema>();
    types.set(name, fields);
    for (const [field, property] of Object.entries(schema.properties ?? {})) {
      fields.set(field, toField(`${name}.${field}`, property, depth));
    }
    const rest = schema.additionalProperties;
    if (typeof rest === 'object') fields.set('*', toField(`${name}.*`, rest, depth));
  }

  function toField(name: string, property: OpenApiSchema, depth: number): FieldSchema {
    const [resolvedName, schema] = resolve(name, property);
    if (schema === undefined || depth > MAX_DEPTH) return { type: '' };
    const strategy = schema['x-kubernetes-patch-strategy'];
    if (schema.type === 'array' || schema.items !== undefined) {
      if (typeof strategy !== 'string' || !strategy.split(',').includes('merge')) {
        return { type: '' };
      }
      const { items } = schema;
      const [itemName, item] = items ? resolve(`${resolvedName}[]`, items) : ['', undefined];
      if (item && !definitions.has(itemName)) addType(itemName, item, depth + 1);
      return { keys: toKeys(schema), type: item ? itemName : '' };
    }
    if (!definitions.has(resolvedName)) addType(resolvedName, schema, depth + 1);
    return { type: resolvedName };
  }

  function resolve(name: string, schema: OpenApiSchema): [string, OpenApiSchema | undefined] {
    let current: [string, OpenApiSchema | undefined] = [name, schema];
    for (let hop = 0; hop < MAX_DEPTH && current[1]?.$ref !== undefined; hop += 1) {
      const target = current[1].$ref.replace(DEFINITION, '');
      current = [target, definitions.get(target)];
    }
    return current[1]?.$ref === undefined ? current : [name, undefined];
  }
}

/** The list's map keys where it has them, else the patch merge key; none for primitive items. */
function toKeys(schema: OpenApiSchema): readonly string[] {
  const mapKeys = schema['x-kubernetes-list-map-keys'];
  if (Array.isArray(mapKeys)) return mapKeys.map(String);
  const mergeKey = schema['x-kubernetes-patch-merge-key'];
  return typeof mergeKey === 'string' ? [mergeKey] : [];
}

/** `apiVersion Kind` of each entry of an `x-kubernetes-group-version-kind` list. */
function toKinds(extension: unknown): string[] {
  if (!Array.isArray(extension)) return [];
  return extension.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { group, version, kind } = entry as Record<string, unknown>;
    if (typeof version !== 'string' || typeof kind !== 'string') return [];
    return [
      typeof group === 'string' && group ? `${group}/${version} ${kind}` : `${version} ${kind}`,
    ];
  });
}

/** Without the types that lead to no merged list. */
function prune(types: ReadonlyMap<string, ReadonlyMap<string, FieldSchema>>): SchemaTable['types'] {
  const users = new Map<string, Set<string>>();
  const useful = new Set<string>();
  for (const [name, fields] of types) {
    for (const { keys, type } of fields.values()) {
      if (keys) useful.add(name);
      else if (type) users.set(type, (users.get(type) ?? new Set()).add(name));
    }
  }
  for (const name of useful) for (const user of users.get(name) ?? []) useful.add(user);
  const pruned = new Map<string, ReadonlyMap<string, FieldSchema>>();
  for (const [name, fields] of types) {
    if (!useful.has(name)) continue;
    const kept = [...fields].map(([field, { keys, type }]): [string, FieldSchema] => {
      const target = useful.has(type) ? type : '';
      return [field, keys ? { keys, type: target } : { type: target }];
    });
    pruned.set(name, new Map(kept));
  }
  return pruned;
}
