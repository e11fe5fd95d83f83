import type { FieldPath } from '../../../model/field-path.ts';
import { Unknown } from '../../../model/located.ts';
import { type DecodeError, mismatch, quantityError, timeError } from './decode-error.ts';
import type { GoType } from './go-types.ts';
import { quantityProblem } from './quantity.ts';

/** A value that cannot be known from the repository, and where it stands. */
export interface UnknownField {
  readonly path: FieldPath;
  readonly unknown: Unknown;
}

export interface Decoded {
  /** In the order of the document, at most {@link MOST_REPORTED}. Any one refuses the object. */
  readonly errors: readonly DecodeError[];
  /**
   * Fields that the type does not have, at most {@link MOST_REPORTED}. The API server drops them
   * from a plain create, and refuses them under strict validation and server-side apply.
   */
  readonly unknownFields: readonly FieldPath[];
  /** All of them: a value missing here would be judged as if it were known. */
  readonly unknowns: readonly UnknownField[];
}

/** A hostile object may hold a wrong value in every field; nobody reads more than this many. */
export const MOST_REPORTED = 100;

interface Walk {
  readonly root: GoType;
  /** The steps to the value in hand are the first `depth` ones; what follows is left over. */
  readonly path: (string | number)[];
  errors: DecodeError[];
  unknownFields: FieldPath[];
  unknowns: UnknownField[];
}

const NONE: never[] = [];

/**
 * Reads a plain JSON value, which is attacker-controlled, as the API server decodes that type.
 * Null is no value, wherever it stands. Total: no value makes it throw, and the depth of the walk
 * is the depth of the type.
 */
export function decode(value: unknown, type: GoType): Decoded {
  const walk: Walk = {
    root: type,
    path: [],
    errors: NONE,
    unknownFields: NONE,
    unknowns: NONE,
  };
  visit(value, type, walk, 0);
  return walk;
}

function visit(value: unknown, type: GoType, walk: Walk, depth: number): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') visitScalar(value, type, walk, depth);
  else if (value instanceof Unknown) noteUnknown(value, walk, depth);
  else if (Array.isArray(value)) visitList(value, type, walk, depth);
  else visitMap(value as Record<string, unknown>, type, walk, depth);
}

function visitMap(value: Record<string, unknown>, type: GoType, walk: Walk, depth: number): void {
  if (type.kind === 'struct') visitStruct(value, type, walk, depth);
  else if (type.kind === 'map') visitValues(value, type, walk, depth);
  else visitScalar(value, type, walk, depth);
}

function visitStruct(
  value: Record<string, unknown>,
  type: GoType,
  walk: Walk,
  depth: number,
): void {
  for (const name in value) {
    const field = type.fields[name];
    if (field === undefined) {
      noteUnknownField(name, walk, depth);
      continue;
    }
    const item = value[name];
    if (item === null || typeof item === field.type.plain) continue;
    walk.path[depth] = name;
    visit(item, field.type, walk, depth + 1);
  }
}

function visitValues(
  value: Record<string, unknown>,
  { item: type }: GoType,
  walk: Walk,
  depth: number,
): void {
  if (type === undefined) return;
  for (const key in value) {
    const item = value[key];
    if (item === null || typeof item === type.plain) continue;
    walk.path[depth] = key;
    visit(item, type, walk, depth + 1);
  }
}

function visitList(value: readonly unknown[], list: GoType, walk: Walk, depth: number): void {
  const type = list.item;
  if (list.kind !== 'list' || type === undefined) {
    visitScalar(value, list, walk, depth);
    return;
  }
  for (let index = 0; index < value.length; index += 1) {
    const item = value[index];
    if (item === null || typeof item === type.plain) continue;
    walk.path[depth] = index;
    visit(item, type, walk, depth + 1);
  }
}

/** A value of the right JSON type has been dealt with before, unless its type looks closer. */
function visitScalar(value: unknown, type: GoType, walk: Walk, depth: number): void {
  switch (type.kind) {
    case 'any':
      return;
    case 'int32':
    case 'int64':
      if (!isInteger(value, type.kind)) refuse(value, type, walk, depth);
      return;
    case 'int-or-string':
      if (typeof value !== 'string' && !isInteger(value, 'int32')) refuse(value, type, walk, depth);
      return;
    case 'quantity':
      visitQuantity(value, walk, depth);
      return;
    case 'time':
      if (typeof value !== 'string') refuse(value, type, walk, depth);
      else if (!isTime(value)) note(timeError(walk.path.slice(0, depth), value), walk);
      return;
    default:
      if (typeof value !== type.plain) refuse(value, type, walk, depth);
  }
}

function visitQuantity(value: unknown, walk: Walk, depth: number): void {
  const isText =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  const problem = quantityProblem(isText ? String(value) : 'no quantity');
  if (problem !== undefined) note(quantityError(walk.path.slice(0, depth), value, problem), walk);
}

const LARGEST_INT32 = 2147483647;
const LARGEST_INT64 = 9223372036854775807n;

function isInteger(value: unknown, kind: 'int32' | 'int64'): boolean {
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return false;
    return kind === 'int64'
      ? value >= -(2 ** 63) && value < 2 ** 63
      : value >= -LARGEST_INT32 - 1 && value <= LARGEST_INT32;
  }
  if (typeof value !== 'bigint') return false;
  const largest = kind === 'int64' ? LARGEST_INT64 : BigInt(LARGEST_INT32);
  return value >= -largest - 1n && value <= largest;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function isTime(text: string): boolean {
  return TIME.test(text) && !Number.isNaN(Date.parse(text.slice(0, 19)));
}

function refuse(value: unknown, type: GoType, walk: Walk, depth: number): void {
  if (walk.errors.length >= MOST_REPORTED) return;
  note(mismatch(walk.root, walk.path.slice(0, depth), value, type), walk);
}

function note(error: DecodeError, walk: Walk): void {
  if (walk.errors === NONE) walk.errors = [];
  if (walk.errors.length < MOST_REPORTED) walk.errors.push(error);
}

function noteUnknown(unknown: Unknown, walk: Walk, depth: number): void {
  if (walk.unknowns === NONE) walk.unknowns = [];
  walk.unknowns.push({ path: walk.path.slice(0, depth), unknown });
}

function noteUnknownField(name: string, walk: Walk, depth: number): void {
  if (walk.unknownFields === NONE) walk.unknownFields = [];
  if (walk.unknownFields.length < MOST_REPORTED) {
    walk.unknownFields.push([...walk.path.slice(0, depth), name]);
  }
}
