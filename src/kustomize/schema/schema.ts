import { KUBERNETES_TABLE } from './table.ts';
import { readTable } from './table-format.ts';

/** How the value of a field merges: its list's merge keys, and the type of its map or items. */
export interface FieldSchema {
  /**
   * Present for lists whose items merge: the fields that tell them apart; empty for a list of
   * primitive values. Lists without are replaced as a whole.
   */
  readonly keys?: readonly string[];
  /** Name of the type of the map, or of the list's items; empty where nothing below merges. */
  readonly type: string;
}

export interface SchemaTable {
  /** Fields by type; `*` stands for any other field. */
  readonly types: ReadonlyMap<string, ReadonlyMap<string, FieldSchema>>;
  /** Type by `apiVersion Kind`. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Whether a kind lives in namespaces, by `apiVersion Kind`; absent where nobody knows. */
  readonly namespaced: ReadonlyMap<string, boolean>;
}

/** A place in a schema: what is known of one value. */
export interface Schema {
  readonly keys: readonly string[] | undefined;
  /** The schema of a field of this map; undefined for one that the type does not have. */
  field(name: string): Schema | undefined;
  /** The schema of the items of this list. */
  readonly items: Schema;
}

/** Known types, and what kustomize derives from them. */
export interface Schemas {
  /** Tells memoised builds with other schemas apart. */
  readonly id: string;
  readonly table: SchemaTable;
  /** The schema of an object; undefined for custom resources. */
  ofKind(apiVersion: string, kind: string): Schema | undefined;
  /** Whether objects of the kind certainly live outside of namespaces. */
  isClusterScoped(apiVersion: string, kind: string): boolean;
}

/** Schema of a value about which there is nothing to know. */
const BARREN: Schema = {
  keys: undefined,
  field: () => BARREN,
  get items(): Schema {
    return BARREN;
  },
};

export function createSchemas(id: string, table: SchemaTable): Schemas {
  const types = new Map<string, Schema>();

  function ofType(name: string, keys?: readonly string[]): Schema {
    if (keys) return { ...BARREN, keys, items: ofType(name) };
    const fields = table.types.get(name);
    if (fields === undefined) return BARREN;
    const known = types.get(name);
    if (known) return known;
    const children = new Map<string, Schema>();
    const schema: Schema = {
      ...BARREN,
      field(field) {
        const known = children.get(field);
        if (known) return known;
        const found = fields.get(field) ?? fields.get('*');
        const child = found && ofType(found.type, found.keys);
        // Names of fields come from manifests: only those of the table are worth a place.
        if (child && fields.has(field)) children.set(field, child);
        return child;
      },
    };
    types.set(name, schema);
    return schema;
  }

  return {
    id,
    table,
    ofKind(apiVersion, kind) {
      const type = table.kinds.get(`${apiVersion} ${kind}`);
      return type === undefined ? undefined : ofType(type);
    },
    isClusterScoped: (apiVersion, kind) => table.namespaced.get(`${apiVersion} ${kind}`) === false,
  };
}

let builtIn: Schemas | undefined;

/** The schemas that kustomize 5.8.1 embeds: Kubernetes 1.21.2. */
export function builtInSchemas(): Schemas {
  return (builtIn ??= createSchemas('built-in', readTable(KUBERNETES_TABLE)));
}
