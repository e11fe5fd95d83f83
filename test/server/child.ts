/**
 * The server as a process of its own: `child.ts FOLDER quick|slow|stuck|endless`. Jobs of the modes end
 * at once, after a while, or never; stopping waits long for endless ones only. Prints `listening PORT` and then one line per event.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

import type { Handler, Handlers } from '../../src/jobs/run-job.ts';
import type { JobKind } from '../../src/jobs/schema.ts';
import { openSqliteQueue } from '../../src/jobs/sqlite.ts';
import { startWorkers } from '../../src/jobs/worker.ts';
import { startServer } from '../../src/server/front-door.ts';
import { createJobLog } from '../../src/server/job-log.ts';
import { createLogger } from '../../src/server/logging.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { stopOnSignals } from '../../src/server/shutdown.ts';
import { createWebhooks } from '../../src/webhooks/index.ts';
import { SECRET } from './client.ts';

const [, , folder = '', mode = ''] = process.argv;

async function run(): Promise<void> {
  console.log('running');
  if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
  if (mode === 'stuck' || mode === 'endless') await once(new EventTarget(), 'never');
}

const handler: Handler<JobKind> = { run, giveUp: () => Promise.resolve() };
const handlers: Handlers = {
  ...{ review: handler, group: handler, command: handler, base: handler, sweep: handler },
};
const log = createLogger({ level: 'info', format: 'json', secrets: [SECRET] });
const queue = openSqliteQueue({ file: join(folder, 'jobs.db') });
const metrics = createMetrics(queue);
const report = createJobLog(log, metrics);
// Keeps the process alive for a job that waits for nothing.
const alive = setInterval(() => undefined, 1_000);
const workers = startWorkers({ source: queue, handlers, count: 2, report, grace: 50 });
const server = await startServer({
  environment: { host: '127.0.0.1', port: 0, webhookSecrets: [SECRET] },
  webhooks: createWebhooks({ appId: 99, mayHoldCommand: () => true }),
  ...{ queue, workers, metrics, log },
});
stopOnSignals({
  log,
  deadline: 10_000,
  async stop() {
    await server.drain();
    await workers.stop(mode === 'stuck' ? 50 : 5_000);
    await server.close();
    queue.close();
    clearInterval(alive);
  },
});
console.log(`listening ${server.port}`);
