import { setTimeout as delay } from 'node:timers/promises';

import type { Octokit } from '@octokit/rest';
import type { Logger } from 'pino';

import { githubEvidence } from '../evidence/github.ts';
import { createHistoryCache, type HistoryCache } from '../evidence/history-cache.ts';
import type { ConfigFile } from '../config/effective.ts';
import { type RegistryAccess, withRegistries } from '../evidence/registry-evidence.ts';
import type { GitHubApp, Permissions } from '../github/app.ts';
import { createClient, type RequestReport } from '../github/client.ts';
import type { Fault, JobInbox } from '../jobs/queue.ts';
import type { Handler } from '../jobs/run-job.ts';
import { type Job, pullRequestsOf } from '../jobs/job.ts';
import { Permanent } from '../model/errors.ts';
import { githubAnswers } from '../publish/github-answers.ts';
import { githubPublisher } from '../publish/github.ts';
import type { Publisher } from '../publish/publisher.ts';
import { withoutChecks } from '../publish/without-checks.ts';
import { toErrorChecks, toSupersededChecks } from '../report/unfinished.ts';
import { reviewHead, type ReviewPorts, reviewSides } from '../review/pull-request-review.ts';
import type { Sandbox } from '../review/sandbox.ts';
import { type BlobCache, createBlobCache } from '../snapshot/blob-cache.ts';
import { githubPulls } from '../snapshot/github-pulls.ts';
import { createListingCache, type ListingCache } from '../snapshot/listing-cache.ts';
import { githubSnapshot } from '../snapshot/github.ts';
import { rules } from '../rules/index.ts';
import { createAllowance } from './allowance.ts';
import { type CommandPorts, createCommandHandler } from './command-handler.ts';
import type { ConfigStore } from './config-store.ts';
import type { FirstReviews } from './first-reviews.ts';
import { createGrants, mayResolve, RESOLVE_PERMISSIONS, wordMissing } from './permissions.ts';
import { createPacer } from './pacer.ts';

/** What the work of the App needs of the world. */
export interface AppContext {
  readonly app: GitHubApp;
  readonly baseUrl: string;
  readonly appId: number;
  /** Numeric id of the App's own user. */
  readonly ownId: (octokit: Octokit) => Promise<number>;
  readonly sandbox: Sandbox;
  readonly log: Logger;
  readonly userAgent: string;
  /** Registries that may be asked for images and their signatures, and what is given to them. */
  readonly registries: RegistryAccess;
  /** How requests are sent, where it is not directly. */
  readonly fetch?: typeof fetch;
  /** Ms to wait for an answer of GitHub, where it is not as usual. */
  readonly patience?: number;
  /** Ms until a review that still runs is announced, where it is not as usual. */
  readonly announceAfter?: number;
  readonly configs: ConfigStore;
  readonly firstReviews: FirstReviews;
  readonly inbox: Pick<JobInbox, 'apply'>;
  /** Defaults of an installation's owner. */
  readonly organisationConfig: (
    installation: number,
    owner: string,
  ) => Promise<ConfigFile | undefined>;
  readonly reportRequest?: (request: RequestReport) => void;
}

interface JobPorts extends ReviewPorts, CommandPorts {
  /** Permissions of the job that the installation does not grant. */
  readonly missing: readonly string[];
  readonly notes: readonly string[];
  /** Requests to GitHub so far; those for tokens are not counted. */
  readonly requests: () => number;
}

/** What a review reads and writes; the token of its job can do nothing else. */
const REVIEW_PERMISSIONS: Permissions = {
  metadata: 'read',
  contents: 'read',
  checks: 'write',
  pull_requests: 'write',
};

/** What the answer to a command reads and writes. */
const COMMAND_PERMISSIONS: Permissions = {
  metadata: 'read',
  contents: 'read',
  pull_requests: 'write',
  issues: 'write',
};

const CACHE_BYTES = 64 * 1024 * 1024;
const CACHED_ENTRIES = 50_000;
const CACHED_TIPS = 4;
const CACHED_REPOSITORIES = 16;

/** Of one repository, never shared with another. */
interface Caches {
  readonly blobs: BlobCache;
  readonly listings: ListingCache;
  readonly histories: HistoryCache;
}

export interface ReviewHandlers {
  readonly review: Handler<'review'>;
  readonly group: Handler<'group'>;
  readonly command: Handler<'command'>;
}

/** Reviews of heads and of merge groups, and answers about them. */
export function createReviewHandlers(context: AppContext): ReviewHandlers {
  const caches = new Map<number, Caches>();
  const pacer = createPacer();
  const grantedBy = createGrants((installation) => context.app.grantedBy(installation));

  function cachesOf(repository: number): Caches {
    const known = caches.get(repository) ?? {
      blobs: createBlobCache(CACHE_BYTES),
      listings: createListingCache(CACHED_ENTRIES),
      histories: createHistoryCache(CACHED_TIPS),
    };
    caches.delete(repository);
    caches.set(repository, known);
    const [oldest] = caches.keys();
    if (caches.size > CACHED_REPOSITORIES && oldest !== undefined) caches.delete(oldest);
    return known;
  }

  async function portsOf(
    job: Job<'review' | 'group' | 'command'>,
    signal: AbortSignal,
    permissions = REVIEW_PERMISSIONS,
  ): Promise<JobPorts> {
    const { installation, repository } = job.payload;
    const [{ token, missing }, granted] = await Promise.all([
      context.app.grantFor(installation, repository.id, permissions),
      grantedBy(installation),
    ]);
    let requests = 0;
    const connect = (own: string) =>
      createClient({
        baseUrl: context.baseUrl,
        token: own,
        signal,
        userAgent: context.userAgent,
        ...(context.fetch && { fetch: context.fetch }),
        ...(context.patience !== undefined && { patience: context.patience }),
        report(request) {
          requests += 1;
          context.reportRequest?.(request);
        },
      });
    const octokit = connect(token);
    const name = { owner: repository.owner, repo: repository.name };
    const { blobs, listings, histories } = cachesOf(repository.id);
    const target = {
      ...name,
      appId: context.appId,
      botId: await context.ownId(octokit),
      pace: () => pacer.turn(installation, signal),
      ...(missing.includes('checks') && { remark: wordMissing(granted).join(' ') }),
      ...(mayResolve(granted) && {
        connectToResolve: async () =>
          connect(await context.app.tokenFor(installation, repository.id, RESOLVE_PERMISSIONS)),
      }),
    };
    const publisher = githubPublisher(octokit, target);
    return {
      missing,
      requests: () => requests,
      notes: wordMissing(granted),
      repository: String(repository.id),
      snapshot: githubSnapshot(octokit, name, blobs, listings),
      pulls: githubPulls(octokit, name),
      sandbox: context.sandbox,
      publisher: missing.includes('checks') ? withoutChecks(publisher) : publisher,
      answers: githubAnswers(octokit, target),
      evidenceFor: (change) =>
        withRegistries(
          githubEvidence(octokit, { ...name, baseUrl: context.baseUrl, ...change }, histories),
          context.registries,
        ),
      config: {
        knownRules: rules.map(({ id }) => id),
        organisation: () => context.organisationConfig(installation, repository.owner),
        recall: (branch) => context.configs.recall(repository.id, branch),
        keep: (branch, text) => context.configs.keep(repository.id, branch, text),
      },
      ...(context.announceAfter !== undefined && { announceAfter: context.announceAfter }),
      now: Date.now,
      sleep: (milliseconds) => delay(milliseconds, undefined, { signal }),
      signal,
    };
  }

  async function publisherOf(
    job: Job<'review' | 'group'>,
    signal: AbortSignal,
  ): Promise<Publisher> {
    return (await portsOf(job, signal)).publisher;
  }

  async function tellEnd(job: Job<'review' | 'group'>, fault: Fault, signal: AbortSignal) {
    if (fault.code === 'gone') return;
    if (fault.code === 'superseded') {
      await (await publisherOf(job, signal)).abandon(job.payload.head, toSupersededChecks());
      return;
    }
    const reference = referenceOf(job);
    const level = fault.code === 'forbidden' ? 'warn' : 'error';
    context.log[level]({ job: job.key, reference, fault }, 'A review was given up.');
    const { publisher, notes } = await portsOf(job, signal);
    // A limit never gets here: a review turns it into its verdict.
    const checks = toErrorChecks([wordFault(fault), ...notes].join(' '), reference);
    await publisher.conclude(job.payload.head, checks);
  }

  return {
    review: {
      async run(job, signal) {
        const begin = performance.now();
        const ports = await portsOf(job, signal);
        requireContents(ports);
        const { head, cause, repository, askedBy } = job.payload;
        const pullRequests = pullRequestsOf(job);
        const reviewed = await reviewHead(
          {
            head,
            pullRequests,
            ...(cause === 'asked' && { nonce: askedBy ?? referenceOf(job) }),
          },
          { ...ports, isFirst: (one) => context.firstReviews.isFirst(repository.id, one) },
        );
        const told = { job: job.key, cause, pullRequests: reviewed };
        context.log.info({ ...told, ...effortOf(begin, ports) }, 'Reviewed.');
      },
      giveUp: tellEnd,
    },
    group: {
      async run(job, signal) {
        const begin = performance.now();
        const ports = await portsOf(job, signal);
        requireContents(ports);
        const { head, base, baseBranch, askedBy } = job.payload;
        const before = base ?? (await ports.pulls.parentsOf(head))[0] ?? head;
        const { checks } = await reviewSides(
          { before, after: head, head },
          () => Promise.resolve([]),
          { baseBranch, base: before, head },
          ports,
        );
        await ports.publisher.conclude(head, checks, askedBy);
        context.log.info({ job: job.key, ...effortOf(begin, ports) }, 'Reviewed a merge group.');
      },
      giveUp: tellEnd,
    },
    command: createCommandHandler({
      portsOf: (job, signal) => portsOf(job, signal, COMMAND_PERMISSIONS),
      inbox: context.inbox,
      allowance: createAllowance(),
    }),
  };
}

function requireContents({ missing }: { readonly missing: readonly string[] }): void {
  if (missing.includes('contents')) {
    throw new Permanent('forbidden', 'The installation does not grant "contents: read".');
  }
}

/** What a review took, for the log. */
function effortOf(
  begin: number,
  { requests }: Pick<JobPorts, 'requests'>,
): { requests: number; milliseconds: number } {
  return { requests: requests(), milliseconds: Math.round(performance.now() - begin) };
}

/** Short enough to read out, long enough to find in a log. */
function referenceOf({ key, attempt }: Job): string {
  return `${key.slice(key.indexOf('/') + 1).slice(-12)}-${attempt}`;
}

/** Faults in words for the pull request: no text of others, no detail of ours. */
function wordFault({ code }: Fault): string {
  switch (code) {
    case 'forbidden':
      return 'GitHub does not let Fluxgate read this repository: a permission is missing, or the installation is suspended.';
    case 'refused':
      return 'GitHub refused a request of Fluxgate.';
    case 'crashed':
      return 'Fluxgate stopped while it reviewed this commit, each time it tried.';
    default:
      return 'Fluxgate met an error each time it tried, of its own or of GitHub.';
  }
}
