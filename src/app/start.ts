import { join } from 'node:path';

import type { Logger } from 'pino';

import { VERSION } from '../cli/version.ts';
import { mayHoldCommand } from '../commands/parse.ts';
import { readCredentials } from '../evidence/registry-credentials.ts';
import type { RegistryAccess } from '../evidence/registry-evidence.ts';
import { createApp } from '../github/app.ts';
import { createClient, type RequestReport } from '../github/client.ts';
import { proxiedFetch } from '../github/proxied-fetch.ts';
import { createBaseHandler } from '../jobs/base.ts';
import { githubDeliveries } from '../jobs/github-deliveries.ts';
import { githubOpenPulls } from '../jobs/github-open-pulls.ts';
import { openSqliteQueue } from '../jobs/sqlite.ts';
import { createSweepHandler, scheduleSweeps } from '../jobs/sweep.ts';
import { startWorkers } from '../jobs/worker.ts';
import { AREAS } from '../model/finding.ts';
import { checkName } from '../report/words.ts';
import { createSandbox } from '../review/sandbox.ts';
import type { Environment } from '../server/environment.ts';
import { startServer } from '../server/front-door.ts';
import { createJobLog } from '../server/job-log.ts';
import { createMetrics } from '../server/metrics.ts';
import { createWebhooks } from '../webhooks/index.ts';
import { createReviewHandlers } from './handlers.ts';
import { createConfigStore } from './config-store.ts';
import { createFirstReviews } from './first-reviews.ts';
import { createOrganisationConfigs } from './organisation-config.ts';
import { createOwnUser } from './own-user.ts';

/** The App, running. */
export interface RunningApp {
  readonly port: number;
  /** Takes no more work, lets what runs finish for a while, gives the rest back. Never rejects. */
  close(): Promise<void>;
}

/** Running jobs get this long to finish when the App stops. */
const DRAIN_MILLISECONDS = 15_000;

/** Nobody waits longer for the defaults of an organisation. */
const CONFIG_MILLISECONDS = 20_000;

export interface StartOptions {
  /** The program that reviews, where it is not this project's own. */
  readonly sandboxEntry?: string;
  /** Ms to wait for an answer of GitHub, where it is not as usual. */
  readonly patience?: number;
  /** Ms until a review that still runs is announced, where it is not as usual. */
  readonly announceAfter?: number;
}

/** Wires the App and starts it: front door, durable jobs, workers, sandbox, sweeps. */
export async function startApp(
  environment: Environment,
  log: Logger,
  { sandboxEntry, patience, announceAfter }: StartOptions = {},
): Promise<RunningApp> {
  const { appId, privateKey, githubApiUrl: baseUrl, dataDirectory } = environment;
  const userAgent = `fluxgate/${VERSION}`;
  const queue = openSqliteQueue({ file: join(dataDirectory, 'jobs.db') });
  const metrics = createMetrics(queue);
  const proxied = proxiedFetch(environment.proxy);
  const way = {
    userAgent,
    ...(proxied && { fetch: proxied }),
    ...(patience !== undefined && { patience }),
  };
  const app = createApp({ appId, privateKey, baseUrl, ...way });
  const reportRequest = ({ route, status }: RequestReport) =>
    metrics.githubAnswered(route.slice(0, route.indexOf(' ')), status);
  const connect = (token: string, signal: AbortSignal) =>
    createClient({ baseUrl, token, signal, report: reportRequest, ...way });
  const connectApp = async (signal: AbortSignal) => connect(await app.appToken(), signal);
  const openPulls = githubOpenPulls({
    connectApp,
    async connect(installation, repository, signal) {
      const listing = { metadata: 'read', pull_requests: 'read' } as const;
      // The sweep, which goes through all repositories, looks at verdicts too.
      const permissions =
        repository === undefined ? { ...listing, checks: 'read' as const } : listing;
      return connect(await app.tokenFor(installation, repository, permissions), signal);
    },
    appId,
    checkNames: AREAS.map(checkName),
  });
  const sandbox = createSandbox({
    spare: true,
    ...(sandboxEntry !== undefined && { entry: sandboxEntry }),
  });
  const reviews = createReviewHandlers({
    app,
    baseUrl,
    appId,
    ownId: createOwnUser(connectApp),
    sandbox,
    log,
    ...way,
    ...(announceAfter !== undefined && { announceAfter }),
    registries: registriesOf(environment),
    reportRequest,
    inbox: queue,
    configs: createConfigStore(join(dataDirectory, 'configs')),
    firstReviews: createFirstReviews(join(dataDirectory, 'configs')),
    organisationConfig: createOrganisationConfigs(async (installation) =>
      connect(
        await app.tokenFor(installation, undefined, { metadata: 'read', contents: 'read' }),
        AbortSignal.timeout(CONFIG_MILLISECONDS),
      ),
    ),
  });
  const workers = startWorkers({
    source: queue,
    count: environment.workers,
    report: createJobLog(log, metrics),
    handlers: {
      ...reviews,
      base: createBaseHandler(openPulls, queue),
      sweep: createSweepHandler({
        deliveries: githubDeliveries(connectApp),
        pullRequests: openPulls,
        inbox: queue,
      }),
    },
  });
  const server = await startServer({
    environment,
    queue,
    webhooks: createWebhooks({ appId, mayHoldCommand }),
    workers,
    metrics,
    log,
  });
  const stopSweeps = scheduleSweeps(queue, (error) => {
    log.error({ error }, 'No sweep was put');
  });
  log.info({ port: server.port, version: VERSION }, 'Fluxgate listens');
  return {
    port: server.port,
    async close() {
      stopSweeps();
      await server.drain();
      await workers.stop(DRAIN_MILLISECONDS);
      sandbox.close();
      await server.close();
      queue.close();
    },
  };
}

function registriesOf({
  registryHosts: hosts = [],
  registryCredentials,
  sigstoreTrustedRoot: trust,
  proxy,
}: Environment): RegistryAccess {
  return {
    hosts,
    ...(registryCredentials !== undefined && { credentials: readCredentials(registryCredentials) }),
    ...(trust !== undefined && { trust }),
    ...(proxy && { proxy }),
  };
}
