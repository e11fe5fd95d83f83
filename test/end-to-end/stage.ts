import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

import { Octokit } from '@octokit/rest';
import { pino } from 'pino';
import { parse } from 'yaml';

import { type RunningApp, startApp } from '../../src/app/start.ts';
import { createApp } from '../../src/github/app.ts';
import type { ProxySettings } from '../../src/github/proxy.ts';
import { WEBHOOK_PATH } from '../../src/server/front-door.ts';
import { type GitHub, type GitHubOptions, startGitHub } from '../github/index.ts';
import { sandboxProgram } from './sandbox-program.ts';

const WEBHOOK_SECRET = 'a secret of the stage';

/** A GitHub with an organisation, its people, and the App installed and running. */
export interface Stage {
  readonly github: GitHub;
  readonly app: { readonly id: number; readonly botUserId: number };
  /** Ada, who opens pull requests. */
  readonly ada: Octokit;
  /** A client with the App's own token. */
  asApp(): Promise<Octokit>;
  /** Ends the App as a restart does, and starts it again on the same data. */
  restart(): Promise<void>;
  /** Resolves when every open pull request has its four concluded checks and nothing is under way. */
  settled(repository: string): Promise<void>;
  /** Resolves when the App has also said on the pull requests what it has to say. */
  idle(repository: string): Promise<void>;
  /** Resolves when nothing is under way, whatever came of it. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions extends GitHubOptions {
  readonly logLevel?: string;
  /** Ms that the App waits for an answer of GitHub. */
  readonly patience?: number;
  /** Ms until the App announces a review that still runs. */
  readonly announceAfter?: number;
  /** Gets what the App logs, line by line; with `logLevel`. */
  readonly log?: (line: string) => void;
  /** The App reaches GitHub under another name, through a proxy. */
  readonly through?: (port: number) => { readonly url: string; readonly proxy: ProxySettings };
  /** Registries that the App may ask. */
  readonly registryHosts?: readonly string[];
}

/** Permissions and events of the App's own manifest: what is not asked for there fails here. */
const manifest = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')) as {
  default_permissions: Record<string, 'read' | 'write'>;
  default_events: string[];
};

export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const [github, sandboxEntry] = await Promise.all([startGitHub(options), sandboxProgram()]);
  const ada = github.createUser('ada', { name: 'Ada' });
  github.createOrganization('acme', { admins: ['ada'] });
  const registered = await github.createApp({
    slug: 'fluxgate',
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    webhookSecret: WEBHOOK_SECRET,
  });
  github.installApp(registered, 'acme');
  const dataDirectory = mkdtempSync(join(tmpdir(), 'fluxgate-data-'));

  const through = options.through?.(Number(new URL(github.url).port));

  async function start(): Promise<RunningApp> {
    const app = await startApp(
      {
        appId: registered.id,
        privateKey: registered.privateKey,
        webhookSecrets: [WEBHOOK_SECRET],
        githubApiUrl: through?.url ?? github.url,
        ...(through && { proxy: through.proxy }),
        host: '127.0.0.1',
        port: 0,
        dataDirectory,
        workers: 2,
        logLevel: 'info',
        logFormat: 'json',
        ...(options.registryHosts && { registryHosts: options.registryHosts }),
      },
      pino(
        { level: options.logLevel ?? 'silent' },
        { write: options.log ?? ((line) => process.stdout.write(line)) },
      ),
      {
        sandboxEntry,
        ...(options.patience !== undefined && { patience: options.patience }),
        ...(options.announceAfter !== undefined && { announceAfter: options.announceAfter }),
      },
    );
    github.setWebhookUrl(registered, `http://127.0.0.1:${app.port}${WEBHOOK_PATH}`);
    return app;
  }

  let running = await start();
  return {
    github,
    app: registered,
    ada: new Octokit({ baseUrl: github.url, auth: ada.token }),
    async asApp() {
      const { id: appId, privateKey } = registered;
      const app = createApp({ appId, privateKey, baseUrl: github.url, userAgent: 'test' });
      return new Octokit({ baseUrl: github.url, auth: await app.appToken() });
    },
    async restart() {
      await running.close();
      running = await start();
    },
    settled: (repository) => settled(github, repository, registered.id, ada.token),
    async idle(repository) {
      do {
        await settled(github, repository, registered.id, ada.token);
        await delay(POLL);
        await github.settled();
      } while (await isWorking(running.port));
    },
    async quiet() {
      do {
        await github.settled();
        await delay(100);
        await github.settled();
      } while (await isWorking(running.port));
    },
    async close() {
      await running.close();
      await github.close();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}

/** Whether jobs wait or run, by the App's own metrics. */
async function isWorking(port: number): Promise<boolean> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counts = [...text.matchAll(/^fluxgate_jobs\{[^}]*state="(\w+)"[^}]*\} (\d+)$/gm)];
  return counts.some(([, state, count]) => state !== 'failed' && count !== '0');
}

const CHECKS = 4;
/** Ms between looks. They cost the process that is looked at, too. */
const POLL = 50;

async function settled(
  github: GitHub,
  repository: string,
  appId: number,
  token: string,
): Promise<void> {
  const octokit = new Octokit({ baseUrl: github.url, auth: token });
  const [owner = '', repo = ''] = repository.split('/');
  for (;;) {
    await github.settled();
    const { data: pulls } = await octokit.pulls.list({ owner, repo, state: 'open' });
    let open = 0;
    for (const { head } of pulls) {
      const { data } = await octokit.checks.listForRef({
        owner,
        repo,
        ref: head.sha,
        app_id: appId,
      });
      const concluded = data.check_runs.filter(({ status }) => status === 'completed');
      if (concluded.length < CHECKS) open += 1;
    }
    if (open === 0) return;
    await delay(POLL);
  }
}
