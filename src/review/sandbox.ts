import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import type { ConfigFiles } from '../config/effective.ts';
import { type EvidenceSource, gather } from '../evidence/evidence.ts';
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
  /** The pull request's diff; asked for where a review has something to say on lines. */
  readonly files: () => Promise<readonly ChangedFile[]>;
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

export interface SandboxOptions {
  readonly limits?: SandboxLimits;
  /** The program of the child process; this project's own when absent. */
  readonly entry?: string;
  /** Keeps a process started that belongs to no repository yet, so that no review waits for one. */
  readonly spare?: boolean;
}

/** Idle processes that are kept; a review of any other repository takes the spare one. */
const MAX_WARM = 4;
/** Memory fragments and caches grow: a process ends after so many reviews. */
const MAX_REVIEWS = 200;

/** A process belongs to the first repository that it reviews, for good. */
interface Warm {
  readonly child: ChildProcess;
  readonly repository: string;
  reviews: number;
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { limits = DEFAULT_LIMITS, entry = ownEntry() } = options;
  /** Those that wait for a review; the last used one is kept longest. */
  const idle: Warm[] = [];
  const busy = new Set<Warm>();
  let spare: ChildProcess | undefined;
  let isClosed = false;

  function prepare(): void {
    if (options.spare !== true || spare || isClosed) return;
    const child = start(entry, limits);
    spare = child;
    const forget = () => {
      if (spare === child) spare = undefined;
    };
    child.once('exit', forget).once('error', forget);
  }

  function take(repository: string): Warm {
    const known = idle.findLastIndex((warm) => warm.repository === repository);
    const [warm] = known === -1 ? [] : idle.splice(known, 1);
    if (warm?.child.exitCode === null && warm.child.signalCode === null) return warm;
    const child = spare ?? start(entry, limits);
    spare = undefined;
    return { child, repository, reviews: 0 };
  }

  function giveBack(used: Warm, isHealthy: boolean): void {
    used.reviews += 1;
    if (isHealthy && used.reviews < MAX_REVIEWS && !isClosed) idle.push(used);
    else used.child.kill('SIGKILL');
    if (idle.length > MAX_WARM) idle.shift()?.child.kill('SIGKILL');
    prepare();
  }

  prepare();
  return {
    async review(request, signal) {
      const used = take(request.repository);
      busy.add(used);
      let isHealthy = false;
      try {
        const answer = await converse(used.child, request, limits, signal);
        isHealthy = true;
        return answer;
      } finally {
        busy.delete(used);
        giveBack(used, isHealthy);
      }
    },
    close() {
      isClosed = true;
      for (const { child } of [...idle, ...busy]) child.kill('SIGKILL');
      spare?.kill('SIGKILL');
      idle.length = 0;
    },
  };
}

function ownEntry(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const name = isSource ? './sandbox-child.ts' : './sandbox-child.js';
  return fileURLToPath(new URL(name, import.meta.url));
}

function start(entry: string, { megabytes }: SandboxLimits): ChildProcess {
  const heap = Math.floor(megabytes * 0.75);
  // From source, the loader that runs this process runs the child too.
  const loader = entry.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
  const child = fork(entry, [], {
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
      // What is told to a process that has ended would end this one, too, if nobody listened.
      const send = (message: ToSandbox) => {
        if (!ending.signal.aborted) child.send(message, (error) => error && reject(error));
      };
      const onMessage = (message: FromSandbox) => {
        if (message.type === 'done') resolve(message);
        else if (message.type === 'failed')
          reject(new Error(`The review failed: ${message.message}`));
        else answerOf(message, request).then(send).catch(reject);
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
      send(toMessage(request));
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
    now,
    isFirst,
  };
}

/** What the sandbox asks for. */
async function answerOf(
  asked: Extract<FromSandbox, { type: 'gather' | 'want' | 'want-files' }>,
  { evidence, files, sides }: SandboxRequest,
): Promise<ToSandbox> {
  switch (asked.type) {
    case 'gather':
      return { type: 'material', materials: await gather(evidence, asked.requests) };
    case 'want-files':
      return { type: 'files', files: await files() };
    case 'want':
      return load(sides[asked.side], asked.ids);
  }
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
