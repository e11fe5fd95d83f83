import { type Attachment, createLedger, type Ledger, type Rows } from './ledger.ts';
import type { Depth, Queue } from './queue.ts';
import type { JobRecord } from './record.ts';

/** A queue that lives as long as its process: for tests and for one-off runs. */
export function createMemoryQueue(options: { clock?: () => number } = {}): Queue {
  const records = new Map<string, JobRecord>();
  const listeners = new Set<(keys: ReadonlySet<string>) => void>();
  const ledger: Ledger = createLedger(createRows(records), options.clock ?? Date.now);

  return {
    apply(batch) {
      const touched = new Set<string>();
      const results = ledger.apply(batch, ledger.moment(), touched);
      if (touched.size > 0) for (const listener of listeners) listener(touched);
      return Promise.resolve(results);
    },
    depth: () => Promise.resolve(depthOf(records.values(), ledger.moment())),
    check: () => Promise.resolve(),
    claim: (lease, count) => Promise.resolve(ledger.claim(lease, count, ledger.moment())),
    renew: (claims, lease) => Promise.resolve(ledger.renew(claims, lease, ledger.moment())),
    settle: (claim, outcome) => Promise.resolve(ledger.settle(claim, outcome, ledger.moment())),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function createRows(records: Map<string, JobRecord>): Rows {
  const owners = new Map<string, Attachment>();
  const seen = new Map<string, { key: string; generation: number }[]>();
  const paused = new Map<string, number>();

  function removeDeliveries(key: string, generation: number): void {
    for (const [delivery, jobs] of seen) {
      const left = jobs.filter((job) => job.key !== key || job.generation > generation);
      if (left.length > 0) seen.set(delivery, left);
      else seen.delete(delivery);
    }
  }

  return {
    jobs: {
      get: (key) => records.get(key),
      save: (record) => void records.set(record.key, record),
      remove(key) {
        records.delete(key);
        for (const [subject, owner] of owners) if (owner.key === key) owners.delete(subject);
        removeDeliveries(key, Infinity);
      },
      nextDue(now, holder) {
        const free = [...records.values()].filter(
          (record) =>
            record.runAt <= now &&
            (record.holder === null || (record.leaseUntil <= now && record.holder !== holder)) &&
            (paused.get(record.lane) ?? 0) <= now,
        );
        return free.sort((a, b) => a.runAt + a.yields - (b.runAt + b.yields))[0];
      },
    },
    subjects: {
      get: (subject) => owners.get(subject),
      attach: (subject, to) => void owners.set(subject, to),
      detach: (subject) => void owners.delete(subject),
      of: (key) =>
        [...owners]
          .filter(([, owner]) => owner.key === key)
          .map(([subject]) => subject)
          .sort(),
    },
    deliveries: {
      has: (delivery) => seen.has(delivery),
      add(delivery, key, generation) {
        seen.set(delivery, [...(seen.get(delivery) ?? []), { key, generation }]);
      },
      forget: removeDeliveries,
    },
    clock: {
      latest: () => Math.max(0, ...[...records.values()].map((record) => record.writtenAt)),
      turnBack(now, by) {
        for (const record of records.values()) {
          if (record.writtenAt > now) records.set(record.key, turnedBack(record, now, by));
        }
        for (const [lane, until] of paused) paused.set(lane, until - by);
      },
      pauseLane: (lane, until) => void paused.set(lane, Math.max(until, paused.get(lane) ?? 0)),
    },
  };
}

function turnedBack(record: JobRecord, now: number, by: number): JobRecord {
  const { runAt, notBefore, leaseUntil } = record;
  return {
    ...record,
    runAt: runAt - by,
    notBefore: notBefore - by,
    leaseUntil: leaseUntil - by,
    writtenAt: now,
  };
}

function depthOf(records: Iterable<JobRecord>, now: number): Depth[] {
  const depths = new Map<string, Depth>();
  for (const { kind, holder, runAt } of records) {
    const { due, delayed, running } = depths.get(kind) ?? { due: 0, delayed: 0, running: 0 };
    depths.set(kind, {
      kind,
      due: due + Number(holder === null && runAt <= now),
      delayed: delayed + Number(holder === null && runAt > now),
      running: running + Number(holder !== null),
    });
  }
  return [...depths.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}
