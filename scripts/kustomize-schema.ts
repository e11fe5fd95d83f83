/**
 * Makes the table of merge keys and cluster-scoped kinds that overlays are built with, from the
 * OpenAPI documents that kustomize itself embeds:
 *
 *     tsx scripts/kustomize-schema.ts SWAGGER.pb [MORE.json...] > src/kustomize/schema/table.ts
 *
 * SWAGGER.pb is `openapi/kubernetesapi/v1_21_2/swagger.pb` of the Go module
 * sigs.k8s.io/kustomize/kyaml (protocol buffers, gnostic's OpenAPI v2 document); MORE.json is
 * `openapi/kustomizationapi/swagger.json` of the same module.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';

import { load } from 'js-yaml';

import {
  type OpenApiDocument,
  type OpenApiPath,
  type OpenApiSchema,
  toSchemaTable,
} from '../src/kustomize/schema/openapi.ts';
import { printTable } from '../src/kustomize/schema/table-format.ts';

const [protocolBuffers, ...jsonFiles] = process.argv.slice(2);
if (protocolBuffers === undefined) {
  console.error('Usage: tsx scripts/kustomize-schema.ts SWAGGER.pb [MORE.json...]');
  process.exit(2);
}
const documents = [
  readDocument(readFileSync(protocolBuffers)),
  ...jsonFiles.map((file) => JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument),
];
console.log(`/**
 * Merge keys of Kubernetes 1.21.2's types, and its cluster-scoped kinds: facts taken from the
 * OpenAPI document in sigs.k8s.io/kustomize/kyaml (Copyright The Kubernetes Authors, Apache-2.0).
 * Made by scripts/kustomize-schema.ts; the format is told in table-format.ts.
 */
export const KUBERNETES_TABLE = \`
${printTable(toSchemaTable(documents))}\`;`);

/** One field of a protocol buffers message: its number and its bytes (or number). */
interface Field {
  readonly number: number;
  readonly bytes: Buffer;
}

/** The length-delimited fields of a message; numbers are of no interest here. */
function* fields(message: Buffer): Generator<Field> {
  let at = 0;
  while (at < message.length) {
    const [tag, afterTag] = readVarint(message, at);
    const wireType = tag & 7;
    if (wireType === 0) {
      at = readVarint(message, afterTag)[1];
    } else if (wireType === 2) {
      const [length, start] = readVarint(message, afterTag);
      at = start + length;
      yield { number: tag >>> 3, bytes: message.subarray(start, at) };
    } else {
      at = afterTag + (wireType === 1 ? 8 : 4);
    }
  }
}

function readVarint(bytes: Buffer, start: number): [value: number, next: number] {
  let value = 0;
  let factor = 1;
  for (let at = start; ; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, at + 1];
    factor *= 128;
  }
}

function all(message: Buffer, number: number): Buffer[] {
  return [...fields(message)].filter((field) => field.number === number).map(({ bytes }) => bytes);
}

function text(message: Buffer, number: number): string | undefined {
  return all(message, number).at(0)?.toString('utf8');
}

/** Named values: messages with the name in field 1 and the value in field 2. */
function named(messages: readonly Buffer[]): [name: string, value: Buffer][] {
  return messages.map((entry) => [text(entry, 1) ?? '', all(entry, 2).at(0) ?? Buffer.alloc(0)]);
}

/** Field numbers are those of gnostic's OpenAPIv2.proto. */
function readDocument(document: Buffer): OpenApiDocument {
  const definitions = all(document, 9).flatMap((message) => named(all(message, 1)));
  const paths = all(document, 8).flatMap((message) => named(all(message, 2)));
  return {
    definitions: Object.fromEntries(definitions.map(([name, value]) => [name, readSchema(value)])),
    paths: Object.fromEntries(paths.map(([path, value]) => [path, readPath(value)])),
  };
}

function readPath(item: Buffer): OpenApiPath {
  const get = all(item, 2).at(0);
  return get === undefined ? {} : { get: readExtensions(all(get, 13)) };
}

function readSchema(schema: Buffer): OpenApiSchema {
  const ref = text(schema, 1);
  const type = all(schema, 22)
    .flatMap((item) => all(item, 1).map(String))
    .at(0);
  const items = all(schema, 23)
    .flatMap((item) => all(item, 1))
    .at(0);
  const additional = all(schema, 21)
    .flatMap((item) => all(item, 1))
    .at(0);
  const properties = all(schema, 25).flatMap((item) => named(all(item, 1)));
  return {
    ...(ref !== undefined && { $ref: ref }),
    ...(type !== undefined && { type }),
    ...(items && { items: readSchema(items) }),
    ...(additional && { additionalProperties: readSchema(additional) }),
    properties: Object.fromEntries(properties.map(([name, value]) => [name, readSchema(value)])),
    ...readExtensions(all(schema, 31)),
  };
}

/** The `x-…` fields, whose values are YAML texts. */
function readExtensions(entries: readonly Buffer[]): Record<string, unknown> {
  const values = named(entries).map(([name, value]): [string, unknown] => [
    name,
    load(text(value, 2) ?? ''),
  ]);
  return Object.fromEntries(values);
}
