/**
 * The embedded GitHub: one over HTTP on loopback that an unmodified Probot App, unmodified
 * `@octokit/rest` clients and `git` itself cannot tell from the real one, in what they use.
 *
 *     const github = await startGitHub();
 *     const ada = github.createUser('ada');
 *     const acme = github.createOrganization('acme', { admins: ['ada'] });
 *     await github.createRepository({ owner: 'acme', name: 'fleet', directory: 'fixtures/…' });
 *     const app = await github.createApp({ slug: 'fluxgate', webhookUrl, webhookSecret, … });
 *     github.installApp(app, 'acme');
 *     const client = new Octokit({ baseUrl: github.url, auth: ada.token });
 *     …
 *     await github.settled();
 *     expect(github.contractViolations).toEqual([]);
 *     await github.close();
 *
 * Repositories are real bare ones; commits, trees, merges, diffs and archives are git's own
 * answers. `git clone` and `git push` work at {@link GitHub.gitUrl}. What moves a branch, by
 * whichever way, sends the webhooks that GitHub sends.
 *
 * Every request and answer, and every webhook, is held to GitHub's OpenAPI description; see
 * {@link GitHub.contractViolations}. A request that the description forbids is refused with 422 as
 * on GitHub; one with fields or parameters that GitHub would ignore is answered, and recorded.
 *
 * What is not there answers 404 (REST) or an error (GraphQL): nothing is pretended. Known gaps:
 * rulesets and protections are kept at merges, not at pushes; no teams, labels, milestones, GitHub
 * Actions or search; the secondary rate limit comes only as a fault.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { type Violation, loadContract } from './contract.ts';
import { type Faults, createFaults } from './faults.ts';
import { createSigner } from './git/signing.ts';
import type { RequestRecord } from './http/request-log.ts';
import { startServer } from './http/server.ts';
import { type People, createPeople } from './people.ts';
import { WEB_FLOW } from './render/commits.ts';
import { GITHUB_LIMITS, type Limits, type World, createIds } from './state/world.ts';
import type { Delivery } from './webhooks/delivery.ts';

export interface GitHubOptions {
  /**
   * `public` (default) is like api.github.com: the API at the root. `ghes` is like a GitHub
   * Enterprise Server: `/api/v3` and `/api/graphql`, and no rate limits.
   */
  readonly baseUrlStyle?: 'public' | 'ghes';
  /** Sign what the web interface commits, with a fresh key; see {@link GitHub.webFlowKey}. */
  readonly webFlowKey?: boolean;
  /** Stamps everything that is created, and ends tokens. Default: the machine's clock. */
  readonly now?: () => Date;
  /** GitHub's limits, made smaller where a test wants to meet one. */
  readonly limits?: Partial<Limits>;
}

/** A running embedded GitHub. The calls of {@link People} set it up, and click in its pages. */
export interface GitHub extends People {
  /** Base address of the REST API: `baseUrl` for Octokit and Probot. */
  readonly url: string;
  readonly graphqlUrl: string;
  /** Where pages would be; what `html_url` begins with. */
  readonly htmlUrl: string;
  /** What goes wrong, on demand. */
  readonly faults: Faults;
  /** All requests so far, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** What broke GitHub's description so far: in our requests, or in this GitHub's own answers. */
  readonly contractViolations: Violation[];
  readonly limits: Limits;
  /** Armored public key of the web interface; undefined unless asked for. */
  readonly webFlowKey: string | undefined;
  /** All webhook deliveries so far, or those to one App, oldest first. */
  deliveries(app?: { readonly id: number }): readonly Delivery[];
  /** Resolves once no webhook is under way and no test merge is being worked out. */
  settled(): Promise<void>;
  /** Ends everything: no process, timer, connection or file remains. */
  close(): Promise<void>;
}

/** Starts an embedded GitHub on a free port of the loopback interface. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  const world = await createWorld(options);
  const removeFiles = () => rmSync(world.directory, { recursive: true, force: true });
  // Also when a test or the demo dies before it has closed anything.
  process.once('exit', removeFiles);
  const server = await startServer(world);
  const html = `http://127.0.0.1:${server.port}`;
  const isEnterprise = world.style === 'ghes';
  world.urls.html = html;
  world.urls.api = isEnterprise ? `${html}/api/v3` : html;
  world.urls.graphql = isEnterprise ? `${html}/api/graphql` : `${html}/graphql`;
  return {
    ...createPeople(world),
    url: world.urls.api,
    graphqlUrl: world.urls.graphql,
    htmlUrl: html,
    faults: world.faults,
    requests: world.requests,
    contractViolations: world.contractViolations,
    limits: world.limits,
    webFlowKey: world.webFlow?.publicKey,
    deliveries: (app) =>
      world.deliveries.filter((delivery) => app === undefined || delivery.app.id === app.id),
    async settled() {
      while (world.background.size > 0) await Promise.all(world.background);
    },
    async close() {
      world.ended.abort();
      world.faults.clear();
      await server.close();
      while (world.background.size > 0) await Promise.all(world.background);
      for (const { git } of world.repositories.values()) git.objects.close();
      process.off('exit', removeFiles);
      removeFiles();
    },
  };
}

async function createWorld(options: GitHubOptions): Promise<World> {
  const now = options.now ?? (() => new Date());
  const world: World = {
    directory: mkdtempSync(join(tmpdir(), 'github-')),
    urls: { html: '', api: '', graphql: '' },
    style: options.baseUrlStyle ?? 'public',
    now,
    nextId: createIds(),
    limits: { ...GITHUB_LIMITS, ...options.limits },
    accounts: new Map(),
    apps: new Map(),
    installations: new Map(),
    repositories: new Map(),
    redirects: new Map(),
    tokens: new Map(),
    budgets: new Map(),
    deliveries: [],
    lastDeliveries: new Map(),
    requests: [],
    faults: createFaults(),
    contract: loadContract(),
    contractViolations: [],
    background: new Set(),
    ended: new AbortController(),
    webFlow: options.webFlowKey === true ? await createSigner(aYearBefore(now())) : undefined,
  };
  createPeople(world).createUser(WEB_FLOW.login, { name: WEB_FLOW.name, email: WEB_FLOW.email });
  return world;
}

/** The web interface's key is older than anything that it signs. */
function aYearBefore(date: Date): Date {
  const before = new Date(date);
  before.setUTCFullYear(date.getUTCFullYear() - 1);
  return before;
}
