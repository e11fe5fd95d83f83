/**
 * Asks through a tunnel, in a process of its own, since certificate authorities are read from the
 * environment at its start. Arguments: proxy, port. Prints JSON.
 */
import process from 'node:process';

import { fetchListed } from '../../src/evidence/registry-http.ts';
import { proxiedFetch } from '../../src/github/proxied-fetch.ts';

const [, , proxy = '', port = ''] = process.argv;
const settings = { https: proxy, except: [] };
const said: unknown[] = [];

async function say(work: () => Promise<unknown>): Promise<void> {
  said.push(await work().catch((error: unknown) => String(error)));
}

await say(async () => {
  const answer = await proxiedFetch(settings)?.(`https://github.test:${port}/redirect`, {
    headers: { authorization: 'token secret' },
  });
  return [answer?.status, await answer?.text()];
});
for (const host of ['registry.test', 'other.test']) {
  await say(async () => {
    const { status, body } = await fetchListed(
      `https://${host}:${port}/v2/`,
      { authorization: 'Bearer secret' },
      {
        hosts: new Set([`${host}:${port}`]),
        maximumBytes: 1_000,
        signal: AbortSignal.timeout(20_000),
        proxy: settings,
      },
    );
    return [status, body.toString()];
  });
}
console.log(JSON.stringify(said));
process.exit(0);
