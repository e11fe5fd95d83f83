import { z } from 'zod';

import { type Answer, ApiError } from '../http/answer.ts';
import type { Actor } from '../http/authentication.ts';
import type { World } from '../state/world.ts';
import { type GraphqlError, type Run, executeOperation } from './execute.ts';
import { type Document, type Operation, SyntaxFault, type Value } from './language.ts';
import { parseQuery } from './parse.ts';
import { schema } from './types.ts';
import { validateOperation } from './validate.ts';

const GraphqlRequest = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

export interface GraphqlAnswer extends Answer {
  /** For the request log: the operation's name, else its first field. */
  readonly operation: string;
}

/** Answers a query. Faults of the query itself are told in the body, with status 200. */
export async function serveGraphql(
  world: World,
  actor: Actor,
  body: unknown,
): Promise<GraphqlAnswer> {
  const request = GraphqlRequest.safeParse(body);
  if (!request.success)
    throw new ApiError(400, 'A query attribute must be specified and must be a string.');
  const { query, operationName } = request.data;
  const parsed = parse(query);
  if ('message' in parsed) return refuse('unknown', [parsed]);
  const operation = choose(parsed, operationName ?? undefined);
  if (operation === undefined) {
    return refuse('unknown', [{ message: `No operation named ${JSON.stringify(operationName)}` }]);
  }
  const label = operation.name ?? firstField(operation);
  const faults = validateOperation(schema, parsed, operation);
  if (faults.length > 0) return refuse(label, faults);
  const given = request.data.variables ?? {};
  const variables = fillVariables(operation, given);
  const missing = missingVariables(operation, given);
  if (missing.length > 0) return refuse(label, missing);
  const context = { world, actor };
  const run: Run = { schema, document: parsed, variables, context, errors: [] };
  const data = await executeOperation(run, operation);
  const errors = run.errors.length === 0 ? {} : { errors: run.errors };
  return { status: 200, body: { data, ...errors }, operation: label };
}

function parse(query: string): Document | GraphqlError {
  try {
    return parseQuery(query);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    const { message, location } = error;
    return { message: `Parse error: ${message}`, locations: [location] };
  }
}

function choose({ operations }: Document, name: string | undefined): Operation | undefined {
  if (name === undefined) return operations.length === 1 ? operations[0] : undefined;
  return operations.find((operation) => operation.name === name);
}

function firstField({ selections }: Operation): string {
  const [first] = selections;
  return first?.kind === 'field' ? first.name : 'fragment';
}

function refuse(operation: string, errors: readonly GraphqlError[]): GraphqlAnswer {
  return { status: 200, body: { errors }, operation };
}

function fillVariables(
  operation: Operation,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const fallbacks = operation.variables.map(({ name, fallback }) => [name, constantOf(fallback)]);
  return { ...(Object.fromEntries(fallbacks) as Record<string, unknown>), ...given };
}

/** A default holds no variables. */
function constantOf(value: Value | undefined): unknown {
  switch (value?.kind) {
    case 'literal':
      return value.value;
    case 'list':
      return value.items.map(constantOf);
    case 'object':
      return Object.fromEntries(
        Object.entries(value.fields).map(([name, inner]) => [name, constantOf(inner)]),
      );
    default:
      return undefined;
  }
}

function missingVariables(
  { variables }: Operation,
  given: Record<string, unknown>,
): GraphqlError[] {
  return variables
    .filter(({ name, type, fallback }) => {
      const value = given[name];
      return (
        type.endsWith('!') && fallback === undefined && (value === undefined || value === null)
      );
    })
    .map(({ name, type }) => ({
      message: `Variable $${name} of type ${type} was provided invalid value`,
      extensions: {
        value: null,
        problems: [{ path: [], explanation: 'Expected value to not be null' }],
      },
    }));
}
