/** What a handler answers. A `body` is sent as JSON, `raw` as it is. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly raw?: { readonly type: string; readonly bytes: Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

/** One entry of the `errors` of a 422, as GitHub words them. */
export type ValidationError =
  | string
  | {
      readonly resource: string;
      readonly code: string;
      readonly field?: string;
      readonly message?: string;
    };

/** An answer other than success, with GitHub's message. Thrown by handlers, sent by the server. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly ValidationError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    errors?: readonly ValidationError[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent: Answer = { status: 204 };

export const notFound = () => new ApiError(404, 'Not Found');

/** A 422 whose `errors` say what is wrong with the input. */
export function invalid(...errors: ValidationError[]): ApiError {
  return new ApiError(422, 'Validation Failed', errors);
}

/** The body of an error. */
export function errorBody(error: ApiError, documentation: string): Record<string, unknown> {
  return {
    message: error.message,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
    documentation_url: documentation,
    status: String(error.status),
  };
}
