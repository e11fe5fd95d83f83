import {
  type Arguments,
  type FieldDefinition,
  FieldError,
  type QueryContext,
  type TypeDefinition,
  field,
} from './schema.ts';

const PAGING = { first: 'Int', last: 'Int', after: 'String', before: 'String' } as const;

const MAX_PAGE = 100;

interface Connection<T> {
  readonly nodes: readonly T[];
  readonly start: number;
  readonly total: number;
}

function cursorOf(index: number): string {
  return Buffer.from(`cursor:v2:${index + 1}`).toString('base64');
}

function indexOf(cursor: unknown): number | undefined {
  if (typeof cursor !== 'string') return undefined;
  const match = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  return match === null ? undefined : Number(match[1]) - 1;
}

/** One page of a list, by GraphQL's cursors. How long the page is must be said, 100 at most. */
function slice<T>(name: string, items: readonly T[], args: Arguments): Connection<T> {
  const { first, last } = args;
  const size = typeof first === 'number' ? first : last;
  if (typeof size !== 'number') {
    throw new FieldError(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  if (size > MAX_PAGE || size < 0) {
    throw new FieldError(
      'EXCESSIVE_PAGINATION',
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
    );
  }
  const from = (indexOf(args.after) ?? -1) + 1;
  const to = indexOf(args.before) ?? items.length;
  const start = typeof first === 'number' ? from : Math.max(from, to - size);
  const end = typeof first === 'number' ? Math.min(to, from + size) : to;
  return { nodes: items.slice(start, end), start, total: items.length };
}

/** A field that answers a list page by page. Its type is `NAMEConnection`. */
export function connection<Source>(
  name: string,
  node: string,
  list: (
    source: Source,
    args: Arguments,
    context: QueryContext,
  ) => readonly unknown[] | Promise<readonly unknown[]>,
  args: Readonly<Record<string, string>> = {},
): FieldDefinition<Source> {
  return field<Source>(
    `${node}Connection!`,
    async (source, given, context) => slice(name, await list(source, given, context), given),
    { ...PAGING, ...args },
  );
}

/** The types of the pages of a node type. */
export function connectionTypes(node: string): [string, TypeDefinition][] {
  type Page = Connection<unknown>;
  const edges = ({ nodes, start }: Page) =>
    nodes.map((item, index) => ({ node: item, cursor: cursorOf(start + index) }));
  return [
    [
      `${node}Connection`,
      {
        fields: {
          nodes: field<Page>(`[${node}]`, ({ nodes }) => nodes),
          edges: field<Page>(`[${node}Edge]`, edges),
          totalCount: field<Page>('Int!', ({ total }) => total),
          pageInfo: field<Page>('PageInfo!', (page) => page),
        },
      },
    ],
    [
      `${node}Edge`,
      {
        fields: {
          node: field<{ node: unknown }>(node, ({ node: item }) => item),
          cursor: field<{ cursor: string }>('String!', ({ cursor }) => cursor),
        },
      },
    ],
  ];
}

export const pageInfoType: TypeDefinition = {
  fields: {
    hasNextPage: field<Connection<unknown>>(
      'Boolean!',
      ({ nodes, start, total }) => start + nodes.length < total,
    ),
    hasPreviousPage: field<Connection<unknown>>('Boolean!', ({ start }) => start > 0),
    startCursor: field<Connection<unknown>>('String', ({ nodes, start }) =>
      nodes.length === 0 ? null : cursorOf(start),
    ),
    endCursor: field<Connection<unknown>>('String', ({ nodes, start }) =>
      nodes.length === 0 ? null : cursorOf(start + nodes.length - 1),
    ),
  },
};
