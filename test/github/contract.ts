/**
 * Holds requests and answers to GitHub's own OpenAPI description (`openapi.json`, cut out of it by
 * `scripts/slice-openapi.ts`), and to two rules that it cannot express.
 */
import { readFileSync } from 'node:fs';

import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

import { describeErrors } from './contract-messages.ts';
import { compilePath } from './http/router.ts';

export interface Violation {
  readonly source: 'request' | 'response' | 'webhook';
  /** `GET /repos/{owner}/{repo}`, or a webhook's `event.action`. */
  readonly operation: string;
  /**
   * - `unknown`: GitHub ignores it, but no code of ours should send it
   * - `invalid`: GitHub refuses it with a 422
   * - `limit`: the same, by a rule that the description does not hold
   */
  readonly kind: 'unknown' | 'invalid' | 'limit';
  /** As GitHub would say it. */
  readonly message: string;
}

export interface CheckedRequest {
  readonly method: string;
  /** Encoded, without the API's base path and without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Contract {
  /** `METHOD /path/{placeholder}` of a request; undefined when GitHub's description has none. */
  operationOf(method: string, path: string): string | undefined;
  checkRequest(request: CheckedRequest): Violation[];
  checkResponse(operation: string, status: number, body: unknown): Violation[];
  checkWebhook(event: string, payload: unknown): Violation[];
}

interface Operation {
  readonly query: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  readonly body?: Schema;
  readonly bodyRequired: boolean;
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Description {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly webhooks: Readonly<Record<string, unknown>>;
}

/** GitHub counts characters; 262,144 bytes is the same limit for the widest ones. */
export const BODY_CHARACTERS = 65_536;

let shared: Contract | undefined;

/** The contract check. Schemas are compiled when they are first needed, and then kept. */
export function loadContract(): Contract {
  shared ??= createContract();
  return shared;
}

function createContract(): Contract {
  const file = new URL('./openapi.json', import.meta.url);
  const description = JSON.parse(readFileSync(file, 'utf8')) as Description;
  const schemas = createSchemas(description);
  const operationOf = createFinder(Object.keys(description.operations));
  return {
    operationOf,
    checkRequest(request) {
      const name = operationOf(request.method, request.path);
      const operation = name === undefined ? undefined : description.operations[name];
      if (name === undefined || operation === undefined) {
        const unknown = `${request.method} ${request.path}`;
        const message = 'no such operation in the slice of the description that we keep';
        return [{ source: 'request', operation: unknown, kind: 'unknown', message }];
      }
      return [
        ...checkQuery(schemas, name, operation, request.query),
        ...checkBody(schemas, name, operation, request.body),
        ...handRules(name, request.body),
      ];
    },
    checkResponse(name, status, body) {
      const schema = description.operations[name]?.responses[status];
      const report = (message: string): Violation[] => [
        { source: 'response', operation: name, kind: 'invalid', message: `${status}: ${message}` },
      ];
      if (schema === undefined) return status >= 400 ? [] : report('no such answer is described');
      if (schema === null) return body === undefined ? [] : report('the answer should be empty');
      const part = sampleOf(body);
      const errors = schemas.check('operations', name, ['responses', String(status)], part);
      return errors.flatMap((error) => report(`${error.instancePath || '/'} ${error.message}`));
    },
    checkWebhook(event, payload) {
      const action = (payload as { action?: unknown }).action;
      const name = typeof action === 'string' ? `${event}.${action}` : event;
      const report = (message: string): Violation[] => [
        { source: 'webhook', operation: name, kind: 'invalid', message },
      ];
      if (description.webhooks[name] === undefined) return report('no such webhook is described');
      const errors = schemas.check('webhooks', name, [], payload);
      return errors.flatMap((error) => report(`${error.instancePath || '/'} ${error.message}`));
    },
  };
}

function createFinder(names: readonly string[]): Contract['operationOf'] {
  const compiled = names.map((name) => {
    const [method = '', path = ''] = name.split(' ');
    // These placeholders hold slashes: a ref, a path, a branch.
    const greedy = path.replace(/\{(path|ref|branch|basehead|dir)\}$/, '{$1+}');
    return { name, method, literal: !path.endsWith('}'), match: compilePath(greedy) };
  });
  compiled.sort((a, b) => Number(b.literal) - Number(a.literal));
  // The root of the files is asked for without a path: `/contents`.
  const find = (method: string, path: string) =>
    compiled.find((one) => one.method === method && one.match(path) !== undefined)?.name;
  return (method, path) => find(method, path) ?? find(method, `${path}/`);
}

interface Schemas {
  check(group: string, name: string, inner: readonly string[], value: unknown): ErrorObject[];
  checkLoosely(name: string, parameter: string, value: string): ErrorObject[];
}

function createSchemas(description: Description): Schemas {
  // Each schema is used a few times at most: compiling it fast matters more than running it fast.
  const speed = { inlineRefs: false, validateSchema: false, code: { optimize: false } } as const;
  const report = { allErrors: true, verbose: true } as const;
  const options = { strict: false, formats: FORMATS, ...report, ...speed };
  const strict = new Ajv(options);
  // What stands in a query is text; its schema says what the text must read as.
  const loose = new Ajv({ ...options, coerceTypes: 'array' });
  for (const ajv of [strict, loose]) ajv.addSchema(description, 'github');
  const compiled = new Map<string, ValidateFunction>();
  const compile = (ajv: Ajv, path: readonly string[]) => {
    const pointer = path.map((part) =>
      encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    const key = `github#/${pointer.join('/')}`;
    const known = compiled.get(key) ?? ajv.compile({ $ref: key });
    compiled.set(key, known);
    return known;
  };
  const run = (validate: ValidateFunction, value: unknown) =>
    validate(value) ? [] : [...(validate.errors ?? [])];
  return {
    check: (group, name, inner, value) => run(compile(strict, [group, name, ...inner]), value),
    checkLoosely: (name, parameter, value) => {
      const validate = compile(loose, ['operations', name, 'query', parameter]);
      // Coercion replaces a value inside its parent only.
      return run(validate, value).length === 0 || run(validate, coerce(value)).length === 0
        ? []
        : [...(validate.errors ?? [])];
    },
  };
}

/** Entries of a list that are looked at, from its beginning and again from its end. */
const SAMPLE = 250;

/**
 * A body whose long lists are cut to their first and last entries. All entries of one list are
 * written by the same code, and to look at each of a tree's 100,000 takes longer than the review.
 */
function sampleOf(body: unknown): unknown {
  if (Array.isArray(body)) return cut(body);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? cut(value) : value]),
  );
}

function cut(list: readonly unknown[]): readonly unknown[] {
  if (list.length <= 2 * SAMPLE) return list;
  return [...list.slice(0, SAMPLE), ...list.slice(-SAMPLE)];
}

function coerce(value: string): unknown {
  if (/^-?\d+$/.test(value)) return Number(value);
  return value === 'true' || value === 'false' ? value === 'true' : value;
}

const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  uri: /^[a-z][a-z0-9+.-]*:\/\/\S+$/i,
  int64: true,
  int32: true,
  email: true,
  'uri-template': true,
  'repo.nwo': true,
} as const;

function checkQuery(
  schemas: Schemas,
  name: string,
  operation: Operation,
  query: URLSearchParams,
): Violation[] {
  const report = (kind: Violation['kind'], message: string): Violation => ({
    source: 'request',
    operation: name,
    kind,
    message,
  });
  const missing = operation.required.filter((parameter) => !query.has(parameter));
  return [
    ...missing.map((parameter) => report('unknown', `query parameter ${parameter} is missing`)),
    ...[...query].flatMap(([parameter, value]) => {
      if (operation.query[parameter] === undefined) {
        return [report('unknown', `there is no query parameter ${parameter}`)];
      }
      return schemas
        .checkLoosely(name, parameter, value)
        .map((error) => report('unknown', `query parameter ${parameter} ${error.message}`));
    }),
  ];
}

function checkBody(
  schemas: Schemas,
  name: string,
  operation: Operation,
  body: unknown,
): Violation[] {
  const report = (kind: Violation['kind'], message: string): Violation => ({
    source: 'request',
    operation: name,
    kind,
    message,
  });
  if (operation.body === undefined) {
    const empty = body === undefined || JSON.stringify(body) === '{}';
    return empty ? [] : [report('unknown', 'the operation takes no body')];
  }
  if (body === undefined) {
    return operation.bodyRequired ? [report('invalid', 'Body should be a JSON object')] : [];
  }
  const known = propertiesOf(operation.body);
  const names = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  const unknown = known.size === 0 ? [] : names.filter((property) => !known.has(property));
  const errors = schemas.check('operations', name, ['body'], sampleOf(body));
  return [
    ...unknown.map((property) => report('unknown', `there is no property ${property}`)),
    ...describeErrors(errors).map((message) => report('invalid', message)),
  ];
}

function propertiesOf(schema: Schema): Set<string> {
  const names = new Set(Object.keys(schema.properties ?? {}));
  for (const inner of [schema.oneOf, schema.anyOf, schema.allOf].flatMap((list) => list ?? [])) {
    for (const name of propertiesOf(inner)) names.add(name);
  }
  return names;
}

/** Whether a text is over the limit of comments and descriptions. */
export function isTooLong(text: string): boolean {
  return text.length > BODY_CHARACTERS && Array.from(text).length > BODY_CHARACTERS;
}

/** What the description cannot say. */
function handRules(name: string, body: unknown): Violation[] {
  if (typeof body !== 'object' || body === null) return [];
  const { status, conclusion, body: text } = body as Record<string, unknown>;
  const report = (kind: Violation['kind'], message: string): Violation[] => [
    { source: 'request', operation: name, kind, message },
  ];
  if (/^(POST|PATCH) .*\/check-runs(\/|$)/.test(name)) {
    const isConcluded = status !== 'completed' || typeof conclusion === 'string';
    return isConcluded ? [] : report('invalid', `"conclusion" wasn't supplied.`);
  }
  if (typeof text !== 'string' || !isTooLong(text)) return [];
  return report('limit', `Body is too long (maximum is ${BODY_CHARACTERS} characters)`);
}
