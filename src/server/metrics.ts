import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { JobInbox } from '../jobs/queue.ts';

/** What the server counts. Labels never hold text of strangers: each is one of a few words. */
export interface Metrics {
  readonly contentType: string;
  /** All metrics as Prometheus reads them. */
  render(): Promise<string>;
  /** A delivery was answered. `event` is GitHub's name for it, or `unverified`. */
  delivered(event: string, outcome: string, seconds: number): void;
  jobEnded(kind: string, ending: string, seconds: number): void;
  /** A request to GitHub was answered; `0` stands for no answer. */
  githubAnswered(method: string, status: number): void;
  /** A check run was concluded. */
  concluded(check: string, conclusion: string): void;
}

export function createMetrics(inbox: Pick<JobInbox, 'depth'>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const deliveries = new Counter({
    name: 'fluxgate_deliveries_total',
    help: 'Webhook deliveries by event and outcome.',
    labelNames: ['event', 'outcome'],
    registers,
  });
  const acknowledgement = new Histogram({
    name: 'fluxgate_acknowledgement_seconds',
    help: 'Time from the head of a webhook request to its answer.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 10],
    registers,
  });
  const jobSeconds = new Histogram({
    name: 'fluxgate_job_seconds',
    help: 'Time that runs of jobs took, by kind and ending.',
    labelNames: ['kind', 'ending'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const githubRequests = new Counter({
    name: 'fluxgate_github_requests_total',
    help: 'Requests to GitHub by method and status; status 0 is no answer.',
    labelNames: ['method', 'status'],
    registers,
  });
  const conclusions = new Counter({
    name: 'fluxgate_conclusions_total',
    help: 'Concluded check runs by check and conclusion.',
    labelNames: ['check', 'conclusion'],
    registers,
  });
  const storeUp = new Gauge({
    name: 'fluxgate_job_store_up',
    help: 'Whether the job store answered just now.',
    registers,
  });
  new Gauge({
    name: 'fluxgate_jobs',
    help: 'Jobs in the store by kind and state: due, delayed, running.',
    labelNames: ['kind', 'state'],
    registers,
    async collect() {
      this.reset();
      const depths = await inbox.depth().catch(() => undefined);
      storeUp.set(depths === undefined ? 0 : 1);
      for (const { kind, due, delayed, running } of depths ?? []) {
        this.set({ kind, state: 'due' }, due);
        this.set({ kind, state: 'delayed' }, delayed);
        this.set({ kind, state: 'running' }, running);
      }
    },
  });

  return {
    contentType: registry.contentType,
    render: async () => registry.metrics(),
    delivered(event, outcome, seconds) {
      deliveries.inc({ event, outcome });
      acknowledgement.observe(seconds);
    },
    jobEnded: (kind, ending, seconds) => jobSeconds.observe({ kind, ending }, seconds),
    githubAnswered: (method, status) => githubRequests.inc({ method, status }),
    concluded: (check, conclusion) => conclusions.inc({ check, conclusion }),
  };
}
