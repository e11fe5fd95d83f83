/**
 * Cuts the operations and webhooks that concern us out of GitHub's OpenAPI description.
 *
 *     npm install --prefix SOME_FOLDER @octokit/openapi
 *     npx tsx scripts/slice-openapi.ts SOME_FOLDER/node_modules/@octokit/openapi/generated/api.github.com.json
 *
 * Writes test/github/openapi.json: one line an operation, a webhook or a schema, descriptions and
 * examples left out, OpenAPI 3.0 rewritten to plain JSON Schema. The whole description is 13 MB,
 * which is why neither it nor its package is a dependency.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

import { corrected, nullable, operations, webhooks } from './openapi-selection.ts';

type Json = Record<string, unknown>;

/** Shorter repetitions are not worth a name. */
const SHARED_LENGTH = 300;

const EVENT_NAMES = { type: 'array', items: { type: 'string' } };

const DROPPED = new Set([
  ...['description', 'example', 'examples', 'summary', 'title', 'externalDocs', 'deprecated'],
  ...['readOnly', 'default', 'discriminator'],
]);

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error('Give the path of api.github.com.json from the package @octokit/openapi.');
  process.exit(2);
}
const description = JSON.parse(readFileSync(source, 'utf8')) as Json;
const schemas = new Map<string, unknown>();

const groups = {
  source: { package: '@octokit/openapi', version: at(description, 'info', 'version') },
  operations: Object.fromEntries(operations.map((name) => [name, sliceOperation(name)])),
  webhooks: Object.fromEntries(webhooks.map((name) => [name, sliceWebhook(name)])),
  schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
};
correctNullable(groups.schemas);
const target = new URL('../test/github/openapi.json', import.meta.url);
writeFileSync(target, render(shareRepeated(groups)));

function correctNullable(all: Json): void {
  for (const place of nullable) {
    const [name = '', ...path] = place.split('/');
    const last = path.pop() ?? '';
    const parent = at(all, name, ...path.flatMap((step) => ['properties', step]), 'properties');
    const schema = isObject(parent) ? parent[last] : undefined;
    if (!isObject(parent) || !isObject(schema)) throw new Error(`There is no ${place}.`);
    parent[last] = orNull(schema);
  }
}

function render(parts: Record<string, Json>): string {
  const blocks = Object.entries(parts).map(([name, entries]) => {
    const lines = Object.entries(entries).map(
      ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
    );
    return `"${name}":{\n${lines.join(',\n')}\n}`;
  });
  return `{\n${blocks.join(',\n')}\n}\n`;
}

/**
 * Moves what stands in several places word by word into schemas of its own. GitHub's webhooks spell
 * out every user and repository again; shared, they are compiled once instead of hundreds of times.
 */
function shareRepeated(parts: Record<string, Json>): Record<string, Json> {
  const seen = new Map<string, number>();
  const count = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(count);
      return;
    }
    if (!isObject(value)) return;
    const text = JSON.stringify(value);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    // What stands inside a repeated text is repeated with it and needs no name of its own.
    if (times === 1) Object.values(value).forEach(count);
  };
  count(parts);
  const names = new Map<string, string>();
  const shared: Json = {};
  const replace = (value: unknown, isRoot: boolean): unknown => {
    if (Array.isArray(value)) return value.map((inner) => replace(inner, false));
    if (!isObject(value)) return value;
    const text = JSON.stringify(value);
    const isRepeated = (seen.get(text) ?? 0) > 1 && text.length >= SHARED_LENGTH;
    if (!isRepeated || isRoot || !isSchema(value)) return replaceInside(value);
    const name = names.get(text) ?? `shared-${names.size + 1}`;
    if (!names.has(text)) {
      names.set(text, name);
      shared[name] = replaceInside(value);
    }
    return { $ref: `#/schemas/${name}` };
  };
  const replaceInside = (value: Json): Json =>
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner, false)]));
  const result = Object.fromEntries(
    Object.entries(parts).map(([group, entries]) => [
      group,
      Object.fromEntries(
        Object.entries(entries).map(([name, value]) => [name, replace(value, true)]),
      ),
    ]),
  );
  return { ...result, schemas: { ...result.schemas, ...shared } };
}

/** Tells a schema from a map of properties, which may well have one called `type`. */
function isSchema(value: Json): boolean {
  const { type } = value;
  return typeof type === 'string' || Array.isArray(type) || Array.isArray(value.anyOf);
}

/** `{ query, required, body, bodyRequired, responses }`: all that the contract check asks about. */
function sliceOperation(name: string): Json {
  const [method = '', path = ''] = name.split(' ');
  const operation = at(description, 'paths', path, method.toLowerCase());
  if (!isObject(operation)) throw new Error(`GitHub does not describe ${name}.`);
  const parameters = list(operation.parameters).map((parameter) => resolve(parameter));
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const body = resolve(operation.requestBody ?? {});
  const responses = Object.entries(isObject(operation.responses) ? operation.responses : {});
  return {
    query: Object.fromEntries(query.map((one) => [one.name, toSchema(one.schema)])),
    required: query.filter((one) => one.required === true).map((one) => one.name),
    ...optional('body', jsonSchemaOf(body)),
    bodyRequired: body.required === true,
    responses: Object.fromEntries(
      responses.map(([status, response]) => [
        status,
        corrected[`${name} ${status}`] ?? jsonSchemaOf(resolve(response)) ?? null,
      ]),
    ),
  };
}

/** A webhook is named `event.action`, or by its event where it has no action. */
function sliceWebhook(name: string): unknown {
  const key = name.replaceAll('_', '-').replace('.', '-');
  const operation = at(description, 'x-webhooks', key, 'post');
  if (!isObject(operation)) throw new Error(`GitHub does not describe the webhook ${name}.`);
  return jsonSchemaOf(resolve(operation.requestBody ?? {}));
}

function jsonSchemaOf(content: Json): unknown {
  const schema = at(content, 'content', 'application/json', 'schema');
  return schema === undefined ? undefined : toSchema(schema);
}

/** Follows a reference to a parameter, body or response. */
function resolve(value: unknown): Json {
  if (!isObject(value)) return {};
  const reference = value.$ref;
  return typeof reference === 'string' ? resolve(at(description, ...pathOf(reference))) : value;
}

function pathOf(reference: string): string[] {
  return reference.slice(2).split('/');
}

/** Rewrites a schema of OpenAPI 3.0 as JSON Schema and collects the schemas it refers to. */
function toSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSchema);
  if (!isObject(value)) return value;
  const result: Json = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string') result[key] = collect(inner);
    else if (key === 'properties' && isObject(inner)) result[key] = toProperties(inner);
    else if (key === 'enum' || key === 'required') result[key] = inner;
    else if (!DROPPED.has(key) && !key.startsWith('x-') && key !== 'nullable')
      result[key] = toSchema(inner);
  }
  return value.nullable === true ? orNull(result) : result;
}

/** The names of properties are no keywords: a property may well be called `description`. */
function toProperties(properties: Json): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      // The lists of events that an App may have lag behind the events that there are.
      name === 'events' ? EVENT_NAMES : toSchema(schema),
    ]),
  );
}

function orNull(schema: Json): Json {
  const { type, enum: members, ...rest } = schema;
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return {
    type: [type, 'null'],
    ...(Array.isArray(members) ? { enum: [...new Set([...(members as unknown[]), null])] } : {}),
    ...rest,
  };
}

function collect(reference: string): string {
  const name = pathOf(reference).at(-1) ?? '';
  if (!schemas.has(name)) {
    // Kept before it is read, since schemas refer to each other in circles.
    schemas.set(name, {});
    schemas.set(name, toSchema(at(description, ...pathOf(reference))));
  }
  return `#/schemas/${name}`;
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function optional(name: string, value: unknown): Json {
  return value === undefined ? {} : { [name]: value };
}
