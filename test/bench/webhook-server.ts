/**
 * The server process of the acknowledgement bench: front door, SQLite store and workers. Their jobs
 * wait a while, as real ones do for GitHub and for the process that reviews. Arguments: folder of the store, secret. Talks to its parent by messages.
 */
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

import type { Handler, Handlers } from '../../src/jobs/run-job.ts';
import type { JobKind } from '../../src/jobs/schema.ts';
import { openSqliteQueue } from '../../src/jobs/sqlite.ts';
import { startWorkers } from '../../src/jobs/worker.ts';
import { startServer } from '../../src/server/front-door.ts';
import { createJobLog } from '../../src/server/job-log.ts';
import { createLogger } from '../../src/server/logging.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { createWebhooks } from '../../src/webhooks/index.ts';

// What the App itself loads besides, so that the memory is that of the real process.
await import('probot');
await import('@octokit/rest');

/** Ms; a warm review takes longer. */
const JOB_TIME = 100;

const [, , folder = '', secret = ''] = process.argv;
const handler: Handler<JobKind> = {
  run: () => wait(JOB_TIME),
  giveUp: () => Promise.resolve(),
};
const handlers: Handlers = {
  ...{ review: handler, group: handler, command: handler, base: handler, sweep: handler },
};
// The log goes where nobody reads it, as fast as a container takes it.
const log = createLogger({
  ...{ level: 'info', format: 'json', secrets: [secret] },
  destination: { write: () => undefined },
});
const queue = openSqliteQueue({ file: join(folder, 'jobs.db') });
const metrics = createMetrics(queue);
const report = createJobLog(log, metrics);
const workers = startWorkers({ source: queue, handlers, count: 4, report });
const server = await startServer({
  environment: { host: '127.0.0.1', port: 0, webhookSecrets: [secret] },
  webhooks: createWebhooks({ appId: 1, mayHoldCommand: () => false }),
  ...{ queue, workers, metrics, log },
});

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ memory: process.memoryUsage.rss(), processor: (user + system) / 1_000 });
});
process.on('disconnect', () => process.exit());
process.send?.({ port: server.port });
