import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  type Fleet,
  REPOSITORY,
  SECRET,
  clientOf,
  createReviewer,
  jwtOf,
  startFleet,
} from './example-fleet.ts';
import type { RegisteredApp } from './people/apps.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let fleet: Fleet;
let app: RegisteredApp;
let server: Server;
let received: Received[];
/** What the App answers next; 200 when there is nothing here. */
let answers: (number | 'never')[];

beforeEach(async () => {
  received = [];
  answers = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = answers.shift() ?? 200;
      if (answer !== 'never') response.writeHead(answer).end('{"ok":true}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  fleet = await startFleet();
  app = await createReviewer(fleet.github);
  const { port } = server.address() as AddressInfo;
  fleet.github.setWebhookUrl(app, `http://127.0.0.1:${port}/hooks`);
  fleet.github.installApp(app, 'acme');
  await fleet.github.settled();
  received.length = 0;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await fleet.github.close();
  expect(fleet.github.contractViolations).toEqual([]);
});

const events = () => received.map(({ headers }) => headers['x-github-event']);

async function comment(body: string): Promise<void> {
  const { data } = await fleet.as('ada').rest.issues.create({ ...REPOSITORY, title: body });
  await fleet
    .as('ada')
    .rest.issues.createComment({ ...REPOSITORY, issue_number: data.number, body });
}

test('a webhook is signed and says whom it is for', async () => {
  await comment('Hello');
  await fleet.github.settled();
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-github-event': 'issue_comment',
    'x-github-hook-installation-target-type': 'integration',
    'x-github-hook-installation-target-id': String(app.id),
    'x-hub-signature-256': `sha256=${signature}`,
  });
  expect(headers['x-github-delivery']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(JSON.parse(body)).toMatchObject({
    action: 'created',
    comment: { body: 'Hello', user: { login: 'ada' } },
    installation: { id: 50_001 },
    organization: { login: 'acme' },
    repository: { full_name: 'acme/fleet' },
    sender: { login: 'ada' },
  });
});

test('a failed delivery is listed and sent again with the same id', async () => {
  answers = [500];
  await comment('One');
  await fleet.github.settled();
  await comment('Two');
  await fleet.github.settled();
  const self = clientOf(fleet.github, jwtOf(app)).rest.apps;
  const { data: failed } = await self.listWebhookDeliveries({ status: 'failure' });
  expect(failed).toMatchObject([
    {
      event: 'issue_comment',
      status_code: 500,
      status: 'Invalid HTTP Response: 500',
      redelivery: false,
    },
  ]);
  await self.redeliverWebhookDelivery({ delivery_id: failed[0]?.id ?? 0 });
  await fleet.github.settled();
  expect(received).toHaveLength(3);
  expect(received[2]?.body).toBe(received[0]?.body);
  const { data: all } = await self.listWebhookDeliveries();
  expect(
    all.slice(0, 3).map(({ guid, redelivery, status_code }) => [guid, redelivery, status_code]),
  ).toEqual([
    [failed[0]?.guid, true, 200],
    [received[1]?.headers['x-github-delivery'], false, 200],
    [failed[0]?.guid, false, 500],
  ]);
  const { data: whole } = await self.getWebhookDelivery({ delivery_id: all[0]?.id ?? 0 });
  expect(whole).toMatchObject({
    request: { payload: { comment: { body: 'One' } } },
    response: { payload: '{"ok":true}' },
  });
});

test('the list of deliveries goes on by cursor', async () => {
  for (const word of ['a', 'b', 'c']) await comment(word);
  await fleet.github.settled();
  const { rest, paginate } = clientOf(fleet.github, jwtOf(app));
  const all = await paginate(rest.apps.listWebhookDeliveries, { per_page: 2 });
  // The installation's own webhook is the oldest.
  expect(all.map(({ event }) => event)).toEqual([
    ...['issue_comment', 'issue_comment', 'issue_comment', 'installation'],
  ]);
});

test('an App that is not there is a failed delivery', async () => {
  server.closeAllConnections();
  server.close();
  await comment('Anybody?');
  await fleet.github.settled();
  expect(fleet.github.deliveries(app).at(-1)).toMatchObject({
    statusCode: 0,
    status: 'failed to connect',
  });
});

test('webhooks are dropped, doubled and put out of order on demand', async () => {
  const { github } = fleet;
  github.faults.deliveries('issue_comment', 'drop');
  await comment('dropped');
  github.faults.deliveries('issue_comment.created', 'duplicate');
  await comment('doubled');
  github.faults.deliveries('issue_comment', 'hold', 2);
  await comment('first');
  await comment('second');
  await comment('third');
  await github.settled();
  github.faults.releaseDeliveries();
  await github.settled();
  const bodies = received.map(
    ({ body }) => (JSON.parse(body) as { comment: { body: string } }).comment.body,
  );
  expect(bodies).toEqual(['doubled', 'doubled', 'third', 'second', 'first']);
  const [one, two] = received;
  expect(one?.headers['x-github-delivery']).toBe(two?.headers['x-github-delivery']);
  expect(
    github.deliveries(app).filter(({ status }) => status === 'failed to connect'),
  ).toHaveLength(1);
});

test('an App hears only what it may and what it asked for', async () => {
  const { github } = fleet;
  const deaf = await github.createApp({
    slug: 'deaf',
    permissions: { contents: 'read' },
    events: ['issue_comment', 'push'],
    webhookUrl: 'http://127.0.0.1:9/',
    privateKey: app.privateKey,
  });
  github.installApp(deaf, 'acme');
  await comment('Hello');
  await github.push('acme/fleet', { branch: 'x', files: { x: 'x' }, by: 'ada' });
  expect(github.deliveries(deaf).map(({ event }) => event)).toEqual(['installation', 'push']);
});

test('each way to move a branch says so', async () => {
  const { github, as } = fleet;
  const { git, repos } = as('ada').rest;
  const sha = await github.push('acme/fleet', { branch: 'x', files: { x: '1' }, by: 'ada' });
  await git.createRef({ ...REPOSITORY, ref: 'refs/heads/y', sha });
  await repos.createOrUpdateFileContents({
    ...REPOSITORY,
    branch: 'y',
    path: 'z',
    message: 'z',
    content: 'eg==',
  });
  const { data: main } = await git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  await git.updateRef({ ...REPOSITORY, ref: 'heads/y', sha: main.object.sha, force: true });
  await git.deleteRef({ ...REPOSITORY, ref: 'heads/y' });
  await github.settled();
  expect(events()).toEqual([
    ...['push', 'create', 'check_suite'],
    // The commit has its suite already.
    ...['push', 'create'],
    ...['push', 'check_suite'],
    ...['push', 'check_suite'],
    ...['push', 'delete'],
  ]);
  const pushes = received
    .filter(({ headers }) => headers['x-github-event'] === 'push')
    .map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(
    pushes.map(({ ref, created, deleted, forced, commits }) => [
      ref,
      created,
      deleted,
      forced,
      (commits as unknown[]).length,
    ]),
  ).toEqual([
    ['refs/heads/x', true, false, false, 1],
    ['refs/heads/y', true, false, false, 1],
    ['refs/heads/y', false, false, false, 1],
    ['refs/heads/y', false, false, true, 0],
    ['refs/heads/y', false, true, false, 0],
  ]);
  expect(pushes[2]?.head_commit).toMatchObject({ added: ['z'], removed: [], modified: [] });
});

test('installations tell of their life', async () => {
  const { github } = fleet;
  github.createOrganization('umbrella');
  for (const name of ['red', 'blue']) await github.createRepository({ owner: 'umbrella', name });
  const installation = github.installApp(app, 'umbrella', ['red']);
  github.changeInstallation(installation, { add: ['blue'], remove: ['red'] });
  github.changePermissions(app, { permissions: { checks: 'write' }, events: [] });
  const self = clientOf(github, jwtOf(app)).rest.apps;
  const own = { installation_id: installation.id };
  await self.suspendInstallation(own);
  await self.unsuspendInstallation(own);
  await self.deleteInstallation(own);
  await github.settled();
  const told = received.map(({ body }) => {
    const payload = JSON.parse(body) as { action: string; installation: { id: number } };
    return [payload.action, payload.installation.id === installation.id];
  });
  expect(told).toEqual([
    ['created', true],
    ['added', true],
    ['removed', true],
    ['new_permissions_accepted', false],
    ['new_permissions_accepted', true],
    ['suspend', true],
    ['unsuspend', true],
    ['deleted', true],
  ]);
});
