import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

import { isReadable } from '../config/effective.ts';
import { CONFIG_PATH } from '../config/load.ts';
import { githubEvidence } from '../evidence/github.ts';
import { withRegistries } from '../evidence/registry-evidence.ts';
import { createClient } from '../github/client.ts';
import { answerBehind } from '../github/errors.ts';
import { proxiedFetch } from '../github/proxied-fetch.ts';
import { readProxySettings } from '../github/proxy.ts';
import { Permanent, RetryAfter } from '../model/errors.ts';
import type { Effect } from '../model/finding.ts';
import { githubPublisher } from '../publish/github.ts';
import { reviewPullRequest } from '../review/pull-request-review.ts';
import { createSandbox } from '../review/sandbox.ts';
import { createOrganisationConfigs } from '../app/organisation-config.ts';
import { rules } from '../rules/index.ts';
import { createBlobCache } from '../snapshot/blob-cache.ts';
import { githubPulls } from '../snapshot/github-pulls.ts';
import { newestVersion } from '../snapshot/github-versions.ts';
import { githubSnapshot } from '../snapshot/github.ts';
import { exitCodeOf } from './exit-code.ts';
import { type Format, printReview } from './format.ts';
import { type Output, UsageError, withProgress } from './output.ts';
import { registriesOf } from './registries.ts';
import { VERSION } from './version.ts';

export interface PullRequestCall {
  /** `OWNER/REPO#NUMBER`. */
  readonly pr: string;
  readonly publish?: boolean;
  readonly format: Format;
  readonly all?: boolean;
  readonly failOn?: Effect | 'unknown';
  /** Hosts of registries that may be asked, separated by commas. */
  readonly registries?: string;
  /** The program that reviews; this project's own when absent. */
  readonly sandboxEntry?: string;
}

const NAME = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})#([1-9]\d{0,9})$/;
const CACHE_BYTES = 256 * 1024 * 1024;

/**
 * `fluxgate review --pr`: a pull request on GitHub, with the caller's own token, read only unless
 * it is told to publish. Its content is as untrusted here as it is for the App.
 *
 * @returns the exit code
 */
export async function pullRequestCommand(call: PullRequestCall, output: Output): Promise<number> {
  const [, owner = '', repo = '', number = ''] = NAME.exec(call.pr) ?? [];
  if (owner === '') {
    throw new UsageError(
      `${JSON.stringify(call.pr)} names no pull request: write it as OWNER/REPO#NUMBER.`,
    );
  }
  const registries = registriesOf(call.registries);
  const [token] = [process.env.GITHUB_TOKEN, process.env.GH_TOKEN].filter(Boolean);
  const baseUrl = readApiUrl(process.env.GITHUB_API_URL);
  const fetch = proxiedFetch(readProxySettings(process.env));
  const octokit = createClient({
    baseUrl,
    userAgent: `fluxgate/${VERSION}`,
    ...(token && { token }),
    ...(fetch && { fetch }),
  });
  const sandbox = createSandbox(
    call.sandboxEntry === undefined ? {} : { entry: call.sandboxEntry },
  );
  const name = { owner, repo };
  const knownRules = rules.map(({ id }) => id);
  try {
    const { review, report, head, isOpen } = await withProgress(
      output,
      `Reviewing ${call.pr}…`,
      () =>
        reviewPullRequest(Number(number), {
          repository: call.pr,
          snapshot: githubSnapshot(octokit, name, createBlobCache(CACHE_BYTES)),
          pulls: githubPulls(octokit, name, Boolean(token)),
          sandbox,
          evidenceFor: (change) =>
            withRegistries(githubEvidence(octokit, { ...name, baseUrl, ...change }), registries),
          config: {
            knownRules,
            organisation: () => createOrganisationConfigs(() => Promise.resolve(octokit))(0, owner),
            recall: (branch) =>
              newestVersion(octokit, name, { branch, path: CONFIG_PATH }, (text) =>
                isReadable({ path: CONFIG_PATH, text }, knownRules),
              ),
            keep: () => Promise.resolve(),
          },
          now: Date.now,
          sleep: delay,
          signal: new AbortController().signal,
        }),
    );
    printReview(review, call.format, call.all ?? false, output);
    if (call.publish && !isOpen) {
      output.remark(`${call.pr} is closed: nothing is published on it.`);
    } else if (call.publish) {
      const { data: user } = await octokit.request('GET /user');
      const publisher = githubPublisher(octokit, {
        ...name,
        botId: Number(user.id),
        pace: () => Promise.resolve(),
      });
      const hasChecks = await orForbidden(publisher.conclude(head, report.checks));
      await publisher.comment(Number(number), head, report);
      output.remark(
        hasChecks
          ? `Published on ${call.pr}.`
          : `The comments are published on ${call.pr}, the checks are not: GitHub takes check runs from Apps alone.`,
      );
    }
    return exitCodeOf(review, call.failOn);
  } catch (error) {
    throw toUsageError(error, { pr: call.pr, baseUrl, hasToken: token !== undefined });
  } finally {
    sandbox.close();
  }
}

/** @returns whether GitHub allowed it */
async function orForbidden(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Permanent && error.code === 'forbidden') return false;
    throw error;
  }
}

function readApiUrl(given = ''): string {
  const url = given === '' ? 'https://api.github.com' : given.replace(/\/+$/, '');
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new UsageError(
    `GITHUB_API_URL is ${JSON.stringify(given)}: give the API's address, such as https://HOST/api/v3.`,
  );
}

interface Asked {
  readonly pr: string;
  readonly baseUrl: string;
  readonly hasToken: boolean;
}

/** GitHub's answers, with what the caller can do about them. */
function toUsageError(error: unknown, { pr, baseUrl, hasToken }: Asked): unknown {
  if (error instanceof RetryAfter) return new UsageError(`${error.message} Try again later.`);
  const answer = answerBehind(error);
  if (answer?.status === 401) {
    return new UsageError(
      hasToken
        ? `GitHub does not accept the token in GITHUB_TOKEN or GH_TOKEN: it is wrong, or has expired.`
        : 'GitHub wants a token: give one in GITHUB_TOKEN.',
    );
  }
  if (!(error instanceof Permanent)) {
    if (answer === undefined) return error;
    return new UsageError(
      answer.response === undefined
        ? `${baseUrl} cannot be asked: ${answer.message}`
        : `${baseUrl} answers ${answer.status}: try again later.`,
    );
  }
  if (error.code === 'limit') return error;
  const advice = hasToken
    ? 'Check the name, and what the token in GITHUB_TOKEN may do.'
    : 'Check the name; a private repository needs a token in GITHUB_TOKEN.';
  return new UsageError(`${pr}: ${error.message.replace(/[.!]?$/, '.')} ${advice}`);
}
