import { ApiError } from '../http/answer.ts';
import type {
  Directive,
  Document,
  FieldSelection,
  Operation,
  Selection,
  Value,
} from './language.ts';
import { FieldError, type QueryContext, type Schema, namedType } from './schema.ts';

export interface GraphqlError {
  readonly type?: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { line: number; column: number }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** One run of one operation. */
export interface Run {
  readonly schema: Schema;
  readonly document: Document;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: QueryContext;
  readonly errors: GraphqlError[];
}

type Path = readonly (string | number)[];

/** Answers an operation that has been validated. Fields of a mutation run one after the other. */
export async function executeOperation(
  run: Run,
  operation: Operation,
): Promise<Record<string, unknown>> {
  const root = operation.type === 'query' ? 'Query' : 'Mutation';
  return resolveObject(run, root, undefined, operation.selections, []);
}

async function resolveObject(
  run: Run,
  type: string,
  source: unknown,
  selections: readonly Selection[],
  path: Path,
): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const [alias, group] of collectFields(run, type, selections)) {
    const [first] = group;
    if (first === undefined) continue;
    const merged = group.flatMap((selection) => selection.selections);
    result[alias] = await resolveField(run, type, source, first, merged, [...path, alias]);
  }
  return result;
}

/** The fields to answer, with fragments unfolded that apply to the type. */
function collectFields(
  run: Run,
  type: string,
  selections: readonly Selection[],
  into = new Map<string, FieldSelection[]>(),
): Map<string, FieldSelection[]> {
  for (const selection of selections) {
    if (!isIncluded(run, selection.directives)) continue;
    if (selection.kind === 'field') {
      into.set(selection.alias, [...(into.get(selection.alias) ?? []), selection]);
      continue;
    }
    const fragment =
      selection.name === undefined ? selection : run.document.fragments.get(selection.name);
    const applies =
      fragment?.on === undefined ||
      fragment.on === type ||
      run.schema.get(fragment.on)?.possible?.includes(type) === true;
    if (fragment !== undefined && applies) collectFields(run, type, fragment.selections, into);
  }
  return into;
}

function isIncluded(run: Run, directives: readonly Directive[]): boolean {
  return directives.every(({ name, args }) => {
    const condition = args.if === undefined ? true : evaluate(run, args.if) === true;
    return name === 'skip' ? !condition : condition;
  });
}

/** The value of an argument, variables put in. */
function evaluate(run: Run, value: Value): unknown {
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'variable':
      return run.variables[value.name];
    case 'list':
      return value.items.map((item) => evaluate(run, item));
    case 'object':
      return Object.fromEntries(
        Object.entries(value.fields).map(([name, inner]) => [name, evaluate(run, inner)]),
      );
  }
}

async function resolveField(
  run: Run,
  type: string,
  source: unknown,
  selection: FieldSelection,
  selections: readonly Selection[],
  path: Path,
): Promise<unknown> {
  if (selection.name === '__typename') return type;
  const definition = run.schema.get(type)?.fields[selection.name];
  if (definition === undefined) return null;
  const args = Object.fromEntries(
    Object.entries(selection.args).map(([name, value]) => [name, evaluate(run, value)]),
  );
  try {
    const value = await definition.resolve(source, args, run.context);
    return await complete(run, namedType(definition.type), value, selections, path);
  } catch (error) {
    run.errors.push({
      ...describeError(error),
      path,
      locations: [selection.location],
    });
    return null;
  }
}

function describeError(error: unknown): { type: string; message: string } {
  if (error instanceof FieldError) return { type: error.type, message: error.message };
  if (error instanceof ApiError) {
    const type =
      error.status === 404 ? 'NOT_FOUND' : error.status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE';
    return { type, message: error.message };
  }
  throw error;
}

async function complete(
  run: Run,
  type: string,
  value: unknown,
  selections: readonly Selection[],
  path: Path,
): Promise<unknown> {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const [index, item] of value.entries()) {
      items.push(await complete(run, type, item, selections, [...path, index]));
    }
    return items;
  }
  const definition = run.schema.get(type);
  if (definition === undefined) return value;
  const actual = definition.typeOf?.(value) ?? type;
  return resolveObject(run, actual, value, selections, path);
}
