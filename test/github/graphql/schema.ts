import type { Actor } from '../http/authentication.ts';
import type { World } from '../state/world.ts';

/** What a resolver knows beside its object. */
export interface QueryContext {
  readonly world: World;
  readonly actor: Actor;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** A field of an object. What the object is only its type knows: it is handed over unlooked at. */
export interface FieldDefinition<Source = unknown> {
  /** As in GitHub's schema: `[PullRequestReviewThread]!`. */
  readonly type: string;
  /** Name to type, as in GitHub's schema; `!` makes one required. */
  readonly args?: Readonly<Record<string, string>>;
  resolve(source: Source, args: Arguments, context: QueryContext): unknown;
}

/** An object type, or an interface or union with the types it may turn out to be. */
export interface TypeDefinition {
  readonly fields: Readonly<Record<string, FieldDefinition>>;
  readonly possible?: readonly string[];
  /** Of an interface or union: which type an object is of. */
  typeOf?(source: unknown): string;
}

export type Schema = ReadonlyMap<string, TypeDefinition>;

/** An error of one field; the rest of the query is answered. */
export class FieldError extends Error {
  readonly type: string;

  constructor(
    type:
      | 'NOT_FOUND'
      | 'FORBIDDEN'
      | 'UNPROCESSABLE'
      | 'MISSING_PAGINATION_BOUNDARIES'
      | 'EXCESSIVE_PAGINATION',
    message: string,
  ) {
    super(message);
    this.name = 'FieldError';
    this.type = type;
  }
}

/** `Name` inside `[Name!]!`. */
export function namedType(type: string): string {
  return type.replace(/[[\]!]/g, '');
}

/** A field that is read from an object of a type. */
export function field<Source>(
  type: string,
  resolve: FieldDefinition<Source>['resolve'],
  args?: Readonly<Record<string, string>>,
): FieldDefinition<Source> {
  return args === undefined ? { type, resolve } : { type, args, resolve };
}
