import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import type { ConfigFiles } from '../config/effective.ts';
import { type EvidenceSource, gather } from '../evidence/evidence.ts';
import type { EvidenceRequest } from '../model/evidence.ts';
import { Permanent } from '../model/errors.ts';
import type { Plan, PlanRequest } from '../model/plan.ts';
import type { ChangedFile, Report } from '../model/report.ts';
import type { Review } from '../model/review.ts';
import type { SnapshotTree } from '../snapshot/snapshot.ts';
import type { FromSandbox, ToSandbox } from './sandbox-messages.ts';
import type { ReviewSides } from './load.ts';

export interface SandboxLimits {
  /** For one review, from its request to its answer, waiting for contents included. */
  readonly milliseconds: number;
  /** Resident memory of the process. */
  readonly megabytes: number;
}

export const DEFAULT_LIMITS: SandboxLimits = { milliseconds: 60_000, megabytes: 1024 };

export interface SandboxRequest {
  /** Sandboxes are never shared between repositories. */
  readonly repository: string;
  readonly sides: ReviewSides;
  /** The trusted configuration, from the base branch. */
  readonly config?: ConfigFiles;
  /** What else is asked about the merged state. */
  readonly plan?: PlanRequest;
  readonly notes: readonly string[];
  readonly files: readonly ChangedFile[];
  /** Asked for what the sandbox may not reach itself. */
  readonly evidence: EvidenceSource;
  /** When the review takes place, milliseconds since 1970. */
  readonly now: number;
  /** Nothing was reviewed in this repository before. */
  readonly isFirst?: boolean;
}

export interface SandboxAnswer {
  readonly review: Review;
  readonly report: Report;
  readonly plan?: Plan;
}

/** Reviews in child processes, one kept warm per repository. */
export interface Sandbox {
  /**
   * @throws Permanent `limit` when the content takes more time or memory than any review may
   */
  review(request: SandboxRequest, signal?: AbortSignal): Promise<SandboxAnswer>;
  close(): void;
}

/** Warm processes; more repositories than this wait for a process to start. */
const MAX_WARM = 4;
/** Memory fragments and caches grow: a process ends after so many reviews. */
const MAX_REVIEWS = 200;

interface Warm {
  readonly child: ChildProcess;
  reviews: number;
  busy: boolean;
}

export function createSandbox(limits: SandboxLimits = DEFAULT_LIMITS): Sandbox {
  const warm = new Map<string, Warm>();

  function take(repository: string): Warm {
    const known = warm.get(repository);
    if (known && !known.busy) {
      warm.delete(repository); // and to the end: the last used one is kept longest
      warm.set(repository, known);
      return known;
    }
    const fresh: Warm = { child: start(limits), reviews: 0, busy: false };
    if (known === undefined) warm.set(repository, fresh);
    return fresh;
  }

  function giveBack(repository: string, used: Warm, isHealthy: boolean): void {
    used.busy = false;
    used.reviews += 1;
    const isKept = isHealthy && used.reviews < MAX_REVIEWS && warm.get(repository) === used;
    if (!isKept) {
      used.child.kill('SIGKILL');
      if (warm.get(repository) === used) warm.delete(repository);
    }
    for (const [name, { child, busy }] of warm) {
      if (warm.size <= MAX_WARM) break;
      if (busy) continue;
      child.kill('SIGKILL');
      warm.delete(name);
    }
  }

  return {
    async review(request, signal) {
      const used = take(request.repository);
      used.busy = true;
      let isHealthy = false;
      try {
        const answer = await converse(used.child, request, limits, signal);
        isHealthy = true;
        return answer;
      } finally {
        giveBack(request.repository, used, isHealthy);
      }
    },
    close() {
      for (const { child } of warm.values()) child.kill('SIGKILL');
      warm.clear();
    },
  };
}

function start({ megabytes }: SandboxLimits): ChildProcess {
  // From source, in tests and the demo, the loader that runs this process runs the child too.
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './sandbox-child.ts' : './sandbox-child.js', import.meta.url);
  const heap = Math.floor(megabytes * 0.75);
  const loader = isSource ? ['--import', import.meta.resolve('tsx')] : [];
  const child = fork(fileURLToPath(entry), [], {
    env: {},
    cwd: '/',
    execArgv: [`--max-old-space-size=${heap}`, '--no-warnings', ...loader],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
}

/** Sends the request, answers what is asked for, waits for the result; kills what goes too far. */
async function converse(
  child: ChildProcess,
  request: SandboxRequest,
  limits: SandboxLimits,
  signal: AbortSignal | undefined,
): Promise<SandboxAnswer> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  child.channel?.ref();
  try {
    return await new Promise<SandboxAnswer>((resolve, reject) => {
      const listeners = { signal: ending.signal };
      const deadline = setTimeout(() => reject(tooSlow(limits)), limits.milliseconds);
      const watch = setInterval(() => void watchMemory(child, limits, reject), 100);
      const onMessage = (message: FromSandbox) => {
        if (message.type === 'done') resolve(message);
        else if (message.type === 'failed')
          reject(new Error(`The review failed: ${message.message}`));
        else if (message.type === 'gather')
          collect(request.evidence, message.requests).then((sent) => child.send(sent), reject);
        else
          load(request.sides[message.side], message.ids).then((sent) => child.send(sent), reject);
      };
      const onExit = (code: number | null, killed: string | null) =>
        reject(ended(code, killed, limits));
      child.on('message', onMessage).on('exit', onExit).on('error', reject);
      signal?.addEventListener('abort', () => reject(toError(signal.reason)), listeners);
      ending.signal.addEventListener('abort', () => {
        clearTimeout(deadline);
        clearInterval(watch);
        child.off('message', onMessage).off('exit', onExit).off('error', reject);
      });
      child.send(toMessage(request));
    });
  } finally {
    ending.abort();
    child.channel?.unref();
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The review was stopped.');
}

function toMessage({
  sides,
  config = {},
  plan,
  notes,
  files,
  now,
  isFirst = false,
}: SandboxRequest): ToSandbox {
  const { before, after, head } = sides;
  return {
    type: 'review',
    sides: {
      ...(before && { before: before.listing }),
      after: after.listing,
      head: head.listing,
    },
    config,
    ...(plan && { plan }),
    notes,
    files,
    now,
    isFirst,
  };
}

async function collect(
  source: EvidenceSource,
  requests: readonly EvidenceRequest[],
): Promise<ToSandbox> {
  return { type: 'material', materials: await gather(source, requests) };
}

async function load(side: SnapshotTree | undefined, ids: readonly string[]): Promise<ToSandbox> {
  const wanted = new Set(ids);
  const arrived = (await side?.fetch(wanted)) ?? new Map<string, Uint8Array>();
  return { type: 'blobs', blobs: ids.map((id) => [id, arrived.get(id) ?? null] as const) };
}

function tooSlow({ milliseconds }: SandboxLimits): Permanent {
  return new Permanent(
    'limit',
    `Reviewing this content takes longer than the ${milliseconds / 1000} seconds that a review may take.`,
  );
}

function tooLarge({ megabytes }: SandboxLimits): Permanent {
  return new Permanent(
    'limit',
    `Reviewing this content takes more than the ${megabytes} MB of memory that a review may take.`,
  );
}

/** A process that ends by itself ran out of heap; nothing else ends it. */
function ended(code: number | null, killed: string | null, limits: SandboxLimits): Error {
  if (killed === 'SIGABRT' || code === 134) return tooLarge(limits);
  return new Error(`The review process ended with ${killed ?? `code ${code ?? 'unknown'}`}.`);
}

async function watchMemory(
  child: ChildProcess,
  limits: SandboxLimits,
  reject: (error: Error) => void,
): Promise<void> {
  if ((await residentMegabytes(child.pid)) > limits.megabytes) reject(tooLarge(limits));
}

const PAGE_BYTES = 4096;

/** Resident memory as Linux tells it; 0 elsewhere, where the heap limit alone holds. */
async function residentMegabytes(pid: number | undefined): Promise<number> {
  const statm = await readFile(`/proc/${pid ?? 0}/statm`, 'utf8').catch(() => '');
  return (Number(statm.split(' ')[1] ?? 0) * PAGE_BYTES) / 1024 / 1024;
}
