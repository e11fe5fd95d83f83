import type { Contract, Violation } from '../contract.ts';
import type { FaultSource } from '../faults.ts';
import type { RequestRecord } from '../http/request-log.ts';
import type { Signer } from '../git/signing.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { isoSeconds } from '../git/commit-object.ts';
import type { Account, App, Installation, Permissions, Repository } from './model.ts';

/** GitHub's limits, as data so that a test can meet one without a hundred thousand files. */
export interface Limits {
  /** Entries of a recursive tree before it is cut. */
  treeEntries: number;
  /** Bytes of a recursive tree's answer before it is cut. */
  treeBytes: number;
  /** Files of a pull request that can be listed. */
  pullFiles: number;
  /** Files of a comparison. */
  compareFiles: number;
  /** Commits of a pull request that can be listed. */
  pullCommits: number;
  /** Bytes of a file that contents answers; above it the content is empty, above `rawBytes` 403. */
  contentBytes: number;
  rawBytes: number;
  /** A larger patch of one file is left out. */
  patchBytes: number;
  patchLines: number;
  /** Once the patches of a diff together are larger, the later ones are left out. */
  diffBytes: number;
  diffLines: number;
  /** Requests an hour of one user or installation. */
  requests: number;
}

export const GITHUB_LIMITS: Limits = {
  treeEntries: 100_000,
  treeBytes: 7_000_000,
  pullFiles: 3_000,
  compareFiles: 300,
  pullCommits: 250,
  contentBytes: 1_000_000,
  rawBytes: 100_000_000,
  patchBytes: 100_000,
  patchLines: 3_000,
  diffBytes: 1_000_000,
  diffLines: 20_000,
  requests: 5_000,
};

/** What a token stands for. */
export type Grant =
  | { readonly kind: 'user'; readonly account: Account }
  | {
      readonly kind: 'installation';
      readonly installation: Installation;
      /** The narrowed set; undefined for all of the installation. */
      readonly repositories: ReadonlySet<number> | undefined;
      readonly permissions: Permissions;
      readonly expiresAt: Date;
    };

export interface World {
  /** Holds the bare repositories; removed on close. */
  readonly directory: string;
  /** Known once the server listens. */
  readonly urls: { html: string; api: string; graphql: string };
  readonly style: 'public' | 'ghes';
  readonly now: () => Date;
  readonly nextId: (kind: IdKind) => number;
  readonly limits: Limits;
  readonly accounts: Map<number, Account>;
  readonly apps: Map<number, App>;
  readonly installations: Map<number, Installation>;
  readonly repositories: Map<number, Repository>;
  /** Old `owner/name` of a repository that was renamed or transferred. */
  readonly redirects: Map<string, Repository>;
  readonly tokens: Map<string, Grant>;
  /** What was used of the hourly limits. */
  readonly budgets: Map<string, { used: number; resetAt: number }>;
  readonly deliveries: Delivery[];
  /** By App: settled once the newest delivery is answered, or has been waited for long enough. */
  readonly lastDeliveries: Map<number, Promise<void>>;
  readonly requests: RequestRecord[];
  readonly faults: FaultSource;
  readonly contract: Contract;
  readonly contractViolations: Violation[];
  /** Work that goes on after its request was answered: deliveries, test merges. */
  readonly background: Set<Promise<unknown>>;
  /** Aborted on close. */
  readonly ended: AbortController;
  /** Signs what the web interface commits; undefined when nothing is signed. */
  readonly webFlow: Signer | undefined;
}

const FIRST_IDS = {
  account: 1_001,
  app: 301,
  installation: 50_001,
  repository: 700_001,
  issue: 2_000_001,
  pull: 3_000_001,
  comment: 4_000_001,
  review: 5_000_001,
  reviewComment: 6_000_001,
  thread: 7_000_001,
  suite: 8_000_001,
  run: 9_000_001,
  reaction: 10_000_001,
  ruleset: 11_000_001,
  status: 12_000_001,
  delivery: 13_000_001,
  queueEntry: 14_000_001,
  token: 1,
} as const;

export type IdKind = keyof typeof FIRST_IDS;

/** Ids count up from a different start for each kind, so that a confusion of kinds shows. */
export function createIds(): (kind: IdKind) => number {
  const next = new Map<IdKind, number>();
  return (kind) => {
    const id = next.get(kind) ?? FIRST_IDS[kind];
    next.set(kind, id + 1);
    return id;
  };
}

/** The clock's time as GitHub writes it. */
export function timestamp(world: World): string {
  return isoSeconds(world.now());
}

/** Goes on with work after the answer; `settled()` waits for it. */
export function runInBackground(world: World, work: Promise<unknown>): void {
  const safe = work
    .catch((error: unknown) => reportFault(world, 'background', error))
    .finally(() => world.background.delete(safe));
  world.background.add(safe);
}

/** A fault of the embedded GitHub itself must not pass for one of GitHub's: tests fail by it. */
export function reportFault(world: World, operation: string, error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  world.contractViolations.push({ source: 'response', operation, kind: 'invalid', message });
}

/** A global id as GraphQL and `node_id` show it: opaque, and of one kind only. */
export function nodeId(prefix: string, id: number | string): string {
  return `${prefix}_${Buffer.from(String(id)).toString('base64url')}`;
}

/** The id inside a global id; undefined when it is of another kind or no id at all. */
export function fromNodeId(prefix: string, id: string): string | undefined {
  if (!id.startsWith(`${prefix}_`)) return undefined;
  return Buffer.from(id.slice(prefix.length + 1), 'base64url').toString('utf8');
}

export function findAccount(world: World, login: string): Account | undefined {
  const wanted = login.toLowerCase();
  for (const account of world.accounts.values()) {
    if (account.login.toLowerCase() === wanted) return account;
  }
  return undefined;
}

export function findRepository(world: World, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  for (const repository of world.repositories.values()) {
    if (fullName(repository).toLowerCase() === wanted) return repository;
  }
  return world.redirects.get(wanted);
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}
