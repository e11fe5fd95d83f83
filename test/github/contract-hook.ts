import type { Octokit } from '@octokit/rest';

import { type Violation, loadContract } from './contract.ts';

/** An Octokit of any flavour: that of `@octokit/rest`, or Probot's. */
type Client = Pick<Octokit, 'hook' | 'request'>;

/**
 * Holds every request that a client sends, and every answer that it gets, to GitHub's description.
 * For tests of single adapters, whose answers are made by hand.
 *
 * @returns the violations so far; the list fills while the client works
 */
export function watchContract(client: Client): Violation[] {
  const contract = loadContract();
  const violations: Violation[] = [];
  client.hook.wrap('request', async (request, options) => {
    const sent = client.request.endpoint.parse(options);
    const { pathname, searchParams } = new URL(sent.url);
    const base = new URL(options.baseUrl).pathname.replace(/\/$/, '');
    const path = pathname.slice(base.length);
    if (pathname.endsWith('/graphql')) return request(options);
    const { method } = sent;
    const body = sent.body as unknown;
    violations.push(...contract.checkRequest({ method, path, query: searchParams, body }));
    const response = await request(options);
    const operation = contract.operationOf(method, path);
    if (operation === undefined) return response;
    // Other forms of an answer than JSON are not described.
    const isJson = String(response.headers['content-type']).includes('application/json');
    const answer: unknown = response.status === 204 ? undefined : response.data;
    if (isJson || answer === undefined) {
      violations.push(...contract.checkResponse(operation, response.status, answer));
    }
    return response;
  });
  return violations;
}
