import type { z } from 'zod';

import { ApiError } from './answer.ts';
import type { ApiRequest } from './router.ts';

/**
 * The request's body in the form that a handler works with. The contract has already refused what
 * GitHub's description forbids; this refuses what is still unusable.
 */
export function bodyOf<T>(request: ApiRequest, schema: z.ZodType<T>): T {
  const result = schema.safeParse(request.body ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.map((step) => `properties/${String(step)}`).join('/') ?? '';
  throw new ApiError(422, `Invalid request.\n\nFor '${place}', ${issue?.message ?? 'invalid'}.`);
}

/** Which form of an answer the `accept` header asks for: `json`, `raw`, `diff`, `patch`, `object`… */
export function mediaOf(request: ApiRequest): string {
  const accept = request.headers.accept ?? '';
  const match =
    /application\/vnd\.github\.(?:v3\.?)?(raw|diff|patch|object|html|sha|text|full)\b/.exec(accept);
  return match?.[1] ?? 'json';
}
