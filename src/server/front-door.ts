import type { Logger } from 'pino';

import type { Intake, VerifiedEvent } from '../jobs/intake.ts';
import type { JobInbox } from '../jobs/queue.ts';
import type { BodyLimits } from './body.ts';
import type { Environment } from './environment.ts';
import { createReadiness } from './health.ts';
import {
  close,
  type ConnectionLimits,
  createHttpServer,
  listen,
  type Routes,
} from './http-server.ts';
import type { Metrics } from './metrics.ts';
import { createWebhookEndpoint } from './webhook-endpoint.ts';

export const WEBHOOK_PATH = '/api/github/webhooks';

export type Limits = BodyLimits & ConnectionLimits;

const LIMITS: Limits = {
  // https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap
  body: 25 * 1024 * 1024,
  allBodies: 64 * 1024 * 1024,
  headTime: 10_000,
  requestTime: 30_000,
  connections: 1_000,
};

export interface ServerOptions {
  readonly environment: Pick<Environment, 'host' | 'port' | 'metricsPort' | 'webhookSecrets'>;
  readonly queue: JobInbox;
  readonly webhooks: (event: VerifiedEvent) => Intake;
  readonly workers: { isAlive(): boolean };
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limits?: Partial<Limits>;
}

export interface RunningServer {
  /** The port that was asked for, or the free one that was found. */
  readonly port: number;
  /** The same as `port` when metrics have none of their own. */
  readonly metricsPort: number;
  /** Is not ready any more, takes no connections; resolves when deliveries under way are answered. */
  drain(): Promise<void>;
  /** Drains, then ends health and metrics on their own port as well. */
  close(): Promise<void>;
}

/**
 * Listens for webhooks at `POST /api/github/webhooks`, and answers `GET /healthz`, `/readyz` and
 * `/metrics`. Rejects when an address cannot be listened on.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { environment, queue, workers, metrics, log } = options;
  const { host, metricsPort: sidePort, webhookSecrets: secrets } = environment;
  const limits = { ...LIMITS, ...options.limits };
  let draining = false;
  const isDraining = () => draining;

  const health: Routes = {
    '/healthz': { GET: () => ({ status: 200, body: 'ok\n' }) },
    '/readyz': { GET: createReadiness({ queue, workers, isDraining }) },
  };
  const measures: Routes = {
    '/metrics': {
      GET: async () => ({ status: 200, body: await metrics.render(), type: metrics.contentType }),
    },
  };
  const { webhooks } = options;
  const receive = createWebhookEndpoint({ secrets, limits, webhooks, inbox: queue, log, metrics });
  const front: Routes = { ...health, [WEBHOOK_PATH]: { POST: receive } };

  const shared = { limits, isDraining, log };
  const hasSide = sidePort !== undefined;
  const main = createHttpServer({ routes: hasSide ? front : { ...front, ...measures }, ...shared });
  const side = createHttpServer({ routes: { ...health, ...measures }, ...shared });

  const port = await listen(main, environment.port, host);
  const metricsPort = hasSide ? await listenOr(() => close(main), side, sidePort, host) : port;

  async function drain(): Promise<void> {
    draining = true;
    await close(main);
  }

  return {
    port,
    metricsPort,
    drain,
    async close() {
      await drain();
      await close(side);
    },
  };
}

/** Listens, or undoes what went before. */
async function listenOr(
  undo: () => Promise<void>,
  ...address: Parameters<typeof listen>
): Promise<number> {
  try {
    return await listen(...address);
  } catch (error) {
    await undo();
    throw error;
  }
}
