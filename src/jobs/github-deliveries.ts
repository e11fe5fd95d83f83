import type { Octokit } from '@octokit/rest';

import type { Deliveries, DeliveryAttempt } from './ports.ts';

/** Pages of deliveries that one sweep reads; newest first, so the oldest are left for the next. */
const MAX_PAGES = 50;
const PAGE = 100;

/**
 * The App's webhook deliveries.
 *
 * @param connect a client with the App's own token, for the time of a signal
 */
export function githubDeliveries(
  connect: (signal: AbortSignal) => Promise<Pick<Octokit, 'request'>>,
): Deliveries {
  return {
    async attemptsSince(since, signal) {
      const octokit = await connect(signal);
      const attempts: DeliveryAttempt[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { data, headers } = await octokit.request('GET /app/hook/deliveries', {
          per_page: PAGE,
          ...(cursor !== undefined && { cursor }),
        });
        attempts.push(...data.map(toAttempt));
        cursor = /[?&]cursor=([^&>]+)[^>]*>; rel="next"/.exec(headers.link ?? '')?.[1];
        const oldest = attempts.at(-1)?.at ?? 0;
        if (cursor === undefined || oldest < since) break;
      }
      return attempts.filter(({ at }) => at >= since);
    },
    async redeliver(id, signal) {
      const octokit = await connect(signal);
      await octokit.request('POST /app/hook/deliveries/{delivery_id}/attempts', {
        delivery_id: id,
      });
    },
  };
}

function toAttempt(delivery: {
  readonly id: number | bigint;
  readonly guid: string;
  readonly delivered_at: string;
  readonly status_code: number;
}): DeliveryAttempt {
  const { id, guid, delivered_at: at, status_code: status } = delivery;
  return { id: Number(id), guid, at: Date.parse(at), succeeded: status >= 200 && status < 300 };
}
