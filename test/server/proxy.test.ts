import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { promisify } from 'node:util';

import { afterEach, describe, expect, it, test } from 'vitest';

import { fetchListed } from '../../src/evidence/registry-http.ts';
import { proxiedFetch } from '../../src/github/proxied-fetch.ts';
import { proxyFor, readProxySettings } from '../../src/github/proxy.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';

const PROXY = 'http://proxy.test:3128';

test.each([
  ['https://api.github.com', [], PROXY],
  ['http://api.github.com', [], undefined],
  ['https://api.github.com', ['github.com'], undefined],
  ['https://api.github.com', ['.github.com'], undefined],
  ['https://api.github.com', ['*.github.com'], undefined],
  ['https://api.github.com', ['API.GitHub.com'], undefined],
  ['https://api.github.com', ['hub.com'], PROXY],
  ['https://api.github.com', ['example.org'], PROXY],
  ['https://api.github.com', ['*'], undefined],
  ['https://api.github.com', ['github.com:443'], undefined],
  ['https://api.github.com', ['github.com:8443'], PROXY],
  ['https://api.github.com:8443', ['github.com:8443'], undefined],
  ['https://api.github.com', ['.'], PROXY],
  ['https://10.1.2.3', ['10.1.2.3'], undefined],
  ['https://[fd00::1]', ['[fd00::1]'], undefined],
  ['https://localhost', [], undefined],
  ['https://127.0.0.1:8080', [], undefined],
  ['https://[::1]', [], undefined],
] as const)('%s with the exceptions %j is reached through %s', (url, except, proxy) => {
  expect(proxyFor(new URL(url), { https: PROXY, except })).toBe(proxy);
});

test.each([
  [{}, undefined],
  [{ NO_PROXY: 'localhost' }, undefined],
  [{ HTTPS_PROXY: 'proxy' }, undefined],
  [{ https_proxy: PROXY }, { https: PROXY, except: [] }],
  [
    { HTTP_PROXY: PROXY, no_proxy: 'localhost, .internal,' },
    { http: PROXY, except: ['localhost', '.internal'] },
  ],
])('the environment %j asks for %j', (variables, settings) => {
  expect(readProxySettings(variables)).toEqual(settings);
});

const TLS = new URL('../../fixtures/tls/', import.meta.url);

test('what is said in a tunnel is for the other side alone, whose certificate must fit', async () => {
  const heard: string[] = [];
  const other = createServer(
    {
      key: readFileSync(new URL('key.pem', TLS)),
      cert: readFileSync(new URL('certificate.pem', TLS)),
    },
    ({ url = '', headers }, response) => {
      heard.push(
        `${headers.host?.split(':')[0] ?? ''}${url} ${headers.authorization ?? 'nothing'}`,
      );
      const { port } = other.address() as AddressInfo;
      if (url !== '/redirect') response.end('hello');
      else response.writeHead(302, { location: `https://registry.test:${port}/archive` }).end();
    },
  );
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const proxy = await startConnectProxy((_, wanted) => wanted);
  const child = new URL('./tunnel-child.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), child, proxy.url, String(port)],
    { env: { NODE_EXTRA_CA_CERTS: new URL('certificate.pem', TLS).pathname } },
  );
  await proxy.close();
  other.closeAllConnections();
  other.close();
  expect(JSON.parse(stdout)).toEqual([
    [200, 'hello'],
    [200, 'hello'],
    `RegistryError: other.test:${port} cannot be reached`,
  ]);
  expect(heard).toEqual([
    'github.test/redirect token secret',
    'registry.test/archive nothing',
    'registry.test/v2/ Bearer secret',
  ]);
});

describe('through a proxy', () => {
  let proxy: ConnectProxy;
  afterEach(() => proxy.close());

  it('is authorised for by the password in its address, which nobody else gets', async () => {
    proxy = await startConnectProxy(() => undefined);
    const url = proxy.url.replace('//', '//ada:a%20secret@');
    const send = proxiedFetch({ https: url, except: [] });
    await expect(send?.('https://api.github.test/')).rejects.toThrow();
    expect(proxy.asked).toEqual(['api.github.test:443']);
    expect(proxy.authorizations).toEqual([
      `Basic ${Buffer.from('ada:a secret').toString('base64')}`,
    ]);
  });

  it('asks for a registry by its name, in a tunnel', async () => {
    proxy = await startConnectProxy(() => undefined);
    const answer = fetchRegistry('https://registry.test/v2/', ['registry.test']);
    await expect(answer).rejects.toThrow('registry.test cannot be reached');
    expect(proxy.asked).toEqual(['registry.test:443']);
  });

  it.each([
    ['https://other.test/v2/', 'host other.test is not on the list of registries'],
    ['http://registry.test/v2/', 'host registry.test is asked without encryption'],
    ['https://169.254.169.254/v2/', '169.254.169.254 is not on the list'],
  ])('asks nothing of %s', async (url, message) => {
    proxy = await startConnectProxy(() => undefined);
    await expect(fetchRegistry(url, ['registry.test'])).rejects.toThrow(message);
    expect(proxy.asked).toEqual([]);
  });

  it('gives up a registry that does not answer', async () => {
    proxy = await startConnectProxy(() => Number(new URL(proxy.url).port));
    const answer = fetchRegistry('https://registry.test/v2/', ['registry.test'], 200);
    await expect(answer).rejects.toThrow('registry.test');
  });

  function fetchRegistry(url: string, hosts: readonly string[], milliseconds = 60_000) {
    return fetchListed(
      url,
      {},
      {
        hosts: new Set(hosts),
        maximumBytes: 1_000,
        signal: AbortSignal.timeout(milliseconds),
        proxy: { http: proxy.url, https: proxy.url, except: [] },
      },
    );
  }
});
