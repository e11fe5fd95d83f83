import { afterEach, expect, it } from 'vitest';

import { type ConnectProxy, startConnectProxy } from '../server/connect-proxy.ts';
import { setStage, type Stage } from './stage.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const at = { owner: 'acme', repo: 'fleet' };

let stage: Stage;
let proxy: ConnectProxy;

afterEach(async () => {
  await stage.close();
  await proxy.close();
});

it('reviews on a GitHub that only the proxy knows', async () => {
  proxy = await startConnectProxy((host, port) => (host === 'github.test' ? port : undefined));
  stage = await setStage({
    through: (port) => ({
      url: `http://github.test:${port}`,
      proxy: { http: proxy.url, except: ['registry.test'] },
    }),
  });
  await stage.github.createRepository({ ...at, name: at.repo, directory: FLEET });
  const files = { 'apps/base/podinfo/service.yaml': 'kind: Service\n\tname: podinfo\n' };
  const head = await stage.github.push('acme/fleet', { branch: 'broken', files, by: 'ada' });
  await stage.ada.pulls.create({ ...at, title: 'Broken', head: 'broken', base: 'main' });
  await stage.idle('acme/fleet');
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: head });
  expect(data.check_runs.map(({ conclusion }) => conclusion).sort()).toEqual([
    'failure',
    'success',
    'success',
    'success',
  ]);
  expect(new Set(proxy.asked)).toEqual(new Set([`github.test:${new URL(stage.github.url).port}`]));
});
