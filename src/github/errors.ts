import { RequestError } from '@octokit/request-error';

import { Permanent, RetryAfter } from '../model/errors.ts';

/** GitHub asks for at least a minute when it does not say how long (`github.md` §2). */
const SECONDARY_WAIT = 60_000;

/**
 * What an answer of GitHub means for the work that met it: given up, tried at a stated time, or
 * tried again later. The answer itself stays as the cause.
 */
export function translateError(error: unknown): unknown {
  if (!(error instanceof RequestError)) return error;
  const { status, response, message } = error;
  const headers = response?.headers ?? {};
  const options = { cause: error };
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN) * 1000;
  if (status === 429 || (status === 403 && isSecondaryLimit(message, retryAfter))) {
    const wait = Number.isNaN(retryAfter) ? SECONDARY_WAIT : retryAfter;
    return new RetryAfter('rate-limited', wait, `GitHub asks to wait: ${message}`, options);
  }
  if (status === 403 && headers['x-ratelimit-remaining'] === '0') {
    const reset = new Date(Number(headers['x-ratelimit-reset'] ?? 0) * 1000);
    return new RetryAfter('rate-limited', reset, 'The rate limit of GitHub is used up.', options);
  }
  if (status === 503 && !Number.isNaN(retryAfter)) {
    return new RetryAfter('unavailable', retryAfter, 'GitHub is not available.', options);
  }
  switch (status) {
    case 403:
      // What is archived stays as it is: for whoever wants to say something there, it is gone.
      if (/\barchived\b/i.test(message))
        return new Permanent('gone', `GitHub keeps it as it is: ${message}`, options);
      return new Permanent('forbidden', `GitHub does not allow it: ${message}`, options);
    case 404:
    case 410:
    case 451:
      return new Permanent('gone', `GitHub does not find it: ${message}`, options);
    case 400:
    case 422:
      return new Permanent('refused', `GitHub refuses the request: ${message}`, options);
    default:
      return error;
  }
}

function isSecondaryLimit(message: string, retryAfter: number): boolean {
  return !Number.isNaN(retryAfter) || /secondary rate limit|abuse detection/i.test(message);
}

/** The answer of GitHub behind a translated error. */
export function answerBehind(error: unknown): RequestError | undefined {
  if (error instanceof RequestError) return error;
  return error instanceof Error && error.cause instanceof RequestError ? error.cause : undefined;
}
