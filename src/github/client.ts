import { Octokit } from '@octokit/rest';

import { translateError } from './errors.ts';

/** One request that was answered or failed. */
export interface RequestReport {
  /** `GET /repos/{owner}/{repo}/pulls/{pull_number}`. */
  readonly route: string;
  /** 0 when no answer came. */
  readonly status: number;
}

export interface ClientOptions {
  readonly baseUrl: string;
  /** An installation's or a person's token. */
  readonly token?: string;
  /** Stops waiting for answers. */
  readonly signal?: AbortSignal;
  readonly report?: (request: RequestReport) => void;
  readonly userAgent: string;
  /** How requests are sent, where it is not directly. */
  readonly fetch?: typeof fetch;
  /** Ms to wait for an answer. */
  readonly patience?: number;
}

/** No answer that we ask for takes longer. */
const TIMEOUT_MILLISECONDS = 20_000;

/**
 * A client for one job: it neither waits nor repeats by itself, since the queue does both and
 * knows more; its errors tell the queue what to do.
 */
export function createClient(options: ClientOptions): Octokit {
  const { baseUrl, token, signal, report, userAgent, fetch } = options;
  const { patience = TIMEOUT_MILLISECONDS } = options;
  const octokit = new Octokit({
    baseUrl,
    userAgent,
    ...(token !== undefined && { auth: token }),
    ...(fetch && { request: { fetch } }),
    // Warnings of the library about deprecated routes are for us, not for the log of the operator.
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  octokit.hook.wrap('request', async (request, call) => {
    const timeout = AbortSignal.timeout(patience);
    call.request.signal = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const route = `${call.method} ${call.url.replace(baseUrl, '')}`;
    try {
      const response = await request(call);
      report?.({ route, status: response.status });
      return response;
    } catch (error) {
      signal?.throwIfAborted();
      report?.({ route, status: statusOf(error) });
      throw translateError(error);
    }
  });
  return octokit;
}

function ignore(): void {
  // Nothing to say.
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error ? Number(error.status) : 0;
}
