import type { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  type Fleet,
  REPOSITORY,
  clientOf,
  clientOfInstallation,
  createReviewer,
  jwtOf,
  startFleet,
} from './example-fleet.ts';
import type { RegisteredApp } from './people/apps.ts';

let fleet: Fleet;
let app: RegisteredApp;
let installation: { id: number };
let moment: Date;

beforeEach(async () => {
  moment = new Date('2026-01-01T00:00:00Z');
  fleet = await startFleet({ private: true, now: () => moment });
  const { github } = fleet;
  await github.createRepository({ owner: 'acme', name: 'other', private: true, files: { a: 'a' } });
  await github.createRepository({ owner: 'acme', name: '.github', files: { b: 'b' } });
  await github.createRepository({ owner: 'eve', name: 'lair', private: true, files: { c: 'c' } });
  app = await createReviewer(github);
  installation = github.installApp(app, 'acme');
});

afterEach(async () => {
  await fleet.github.close();
});

function tokenFor(narrow: Parameters<typeof clientOfInstallation>[3] = {}): Promise<Octokit> {
  return clientOfInstallation(fleet.github, app, installation, narrow);
}

async function statusOf(call: Promise<{ status: number }>): Promise<number> {
  try {
    return (await call).status;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

describe('an App’s own token', () => {
  const bad = { status: 401, message: expect.stringContaining('') as string };
  test.each<[string, Record<string, unknown>, string]>([
    ['expired', { exp: 1_000_000 }, "'Expiration time' claim ('exp') must be"],
    ['from the future', { iat: 4_000_000_000, exp: 4_000_000_100 }, "'Issued at' claim ('iat')"],
    ['too long-lived', { exp: Math.floor(Date.now() / 1000) + 3_600 }, 'too far in the future'],
  ])('is refused when %s', async (_, claims, message) => {
    const call = clientOf(fleet.github, jwtOf(app, claims)).rest.apps.getAuthenticated();
    await expect(call).rejects.toMatchObject({
      ...bad,
      message: expect.stringContaining(message) as string,
    });
  });

  test('is refused when it is not signed by its key', async () => {
    const other = await fleet.github.createApp({ slug: 'other-app', permissions: {}, events: [] });
    const forged = jwtOf({ ...app, privateKey: other.privateKey });
    const call = clientOf(fleet.github, forged).rest.apps.getAuthenticated();
    await expect(call).rejects.toMatchObject({ status: 401 });
    const unknown = clientOf(fleet.github, jwtOf(app, { iss: 999_999 })).rest;
    await expect(unknown.apps.getAuthenticated()).rejects.toMatchObject({ status: 404 });
  });

  test('finds installations and reads no contents', async () => {
    const self = clientOf(fleet.github, jwtOf(app)).rest;
    const { data } = await self.apps.getAuthenticated();
    expect(data).toMatchObject({ slug: 'reviewer', installations_count: 1 });
    expect((await self.apps.listInstallations()).data).toHaveLength(1);
    expect((await self.apps.getRepoInstallation(REPOSITORY)).data.id).toBe(installation.id);
    const lair = self.apps.getRepoInstallation({ owner: 'eve', repo: 'lair' });
    await expect(lair).rejects.toMatchObject({ status: 404 });
    await expect(self.repos.get(REPOSITORY)).rejects.toMatchObject({ status: 403 });
    expect(fleet.github.contractViolations).toEqual([]);
  });

  test('may name the App by its client id', async () => {
    const self = clientOf(fleet.github, jwtOf(app, { iss: app.clientId })).rest;
    expect((await self.apps.getAuthenticated()).data).toMatchObject({ id: app.id });
  });
});

describe('an installation token', () => {
  test('reaches what is installed, with what was granted', async () => {
    const { rest } = await tokenFor();
    expect((await rest.apps.listReposAccessibleToInstallation()).data).toMatchObject({
      total_count: 3,
      repository_selection: 'all',
    });
    expect(await statusOf(rest.repos.get(REPOSITORY))).toBe(200);
    expect(await statusOf(rest.repos.get({ owner: 'eve', repo: 'lair' }))).toBe(404);
    const file = { ...REPOSITORY, path: 'x', message: 'x', content: '' };
    const write = rest.repos.createOrUpdateFileContents(file);
    await expect(write).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration') as string,
      response: { headers: { 'x-accepted-github-permissions': 'contents=write' } },
    });
  });

  test('is narrowed to a repository and to permissions', async () => {
    const { rest } = await tokenFor({ repositories: ['fleet'], permissions: { contents: 'read' } });
    expect(await statusOf(rest.repos.getContent({ ...REPOSITORY, path: 'README.md' }))).toBe(200);
    expect(await statusOf(rest.repos.get({ owner: 'acme', repo: 'other' }))).toBe(404);
    expect(await statusOf(rest.pulls.list(REPOSITORY))).toBe(403);
    const readme = { owner: 'acme', repo: '.github', path: 'b' };
    // Public, so that anybody may read it.
    expect(await statusOf(rest.repos.getContent(readme))).toBe(200);
    const { data } = await rest.apps.listReposAccessibleToInstallation();
    expect(data.repositories.map(({ name }) => name)).toEqual(['fleet']);
  });

  test.each<[string, Parameters<typeof clientOfInstallation>[3], string]>([
    [
      'a repository it does not have',
      { repositories: ['lair'] },
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    ],
    [
      'a permission it does not have',
      { permissions: { administration: 'read' } },
      'The permissions requested are not granted to this installation.',
    ],
    [
      'more of a permission than it has',
      { permissions: { contents: 'write' } },
      'The permissions requested are not granted to this installation.',
    ],
  ])('cannot be asked for %s', async (_, narrow, message) => {
    await expect(tokenFor(narrow)).rejects.toMatchObject({
      status: 422,
      response: { data: { message } },
    });
  });

  test('ends after an hour', async () => {
    const { rest } = await tokenFor();
    moment = new Date('2026-01-01T00:59:59Z');
    expect(await statusOf(rest.repos.get(REPOSITORY))).toBe(200);
    moment = new Date('2026-01-01T01:00:00Z');
    expect(await statusOf(rest.repos.get(REPOSITORY))).toBe(401);
  });

  test('ends with its revocation, its suspension and its installation', async () => {
    const revoked = (await tokenFor()).rest;
    await revoked.apps.revokeInstallationAccessToken();
    expect(await statusOf(revoked.repos.get(REPOSITORY))).toBe(401);
    const { rest } = await tokenFor();
    const self = clientOf(fleet.github, jwtOf(app)).rest.apps;
    const own = { installation_id: installation.id };
    await self.suspendInstallation(own);
    expect(await statusOf(rest.repos.get(REPOSITORY))).toBe(403);
    await expect(tokenFor()).rejects.toMatchObject({ status: 403 });
    await self.unsuspendInstallation(own);
    expect(await statusOf(rest.repos.get(REPOSITORY))).toBe(200);
    await self.deleteInstallation(own);
    expect(await statusOf(rest.repos.get(REPOSITORY))).toBe(401);
    await expect(tokenFor()).rejects.toMatchObject({ status: 404 });
  });

  test('of selected repositories follows the selection', async () => {
    const { github } = fleet;
    github.createOrganization('umbrella');
    for (const name of ['red', 'blue']) {
      await github.createRepository({ owner: 'umbrella', name, private: true, files: { a: name } });
    }
    const selected = github.installApp(app, 'umbrella', ['red']);
    const { rest } = await clientOfInstallation(github, app, selected);
    const blue = { owner: 'umbrella', repo: 'blue' };
    expect(await statusOf(rest.repos.get(blue))).toBe(404);
    github.changeInstallation(selected, { add: ['blue'], remove: ['red'] });
    expect(await statusOf(rest.repos.get(blue))).toBe(200);
    expect(await statusOf(rest.repos.get({ ...blue, repo: 'red' }))).toBe(404);
  });
});

describe('people', () => {
  test.each([
    ['ada', 'admin', 'admin'],
    ['bob', 'write', 'write'],
    ['cy', 'read', 'read'],
    ['eve', 'none', 'none'],
  ])('%s has the permission %s', async (username, permission, role_name) => {
    const { rest } = await tokenFor();
    const { data } = await rest.repos.getCollaboratorPermissionLevel({ ...REPOSITORY, username });
    expect(data).toMatchObject({ permission, role_name, user: { login: username } });
    expect(fleet.github.contractViolations).toEqual([]);
  });

  test('a stranger to a public repository has the permission read', async () => {
    const { data } = await fleet.as('ada').rest.repos.getCollaboratorPermissionLevel({
      owner: 'acme',
      repo: '.github',
      username: 'eve',
    });
    expect(data.permission).toBe('read');
  });

  test.each([
    ['eve', 404, 404, 404],
    ['cy', 200, 403, 403],
    ['bob', 200, 201, 403],
    ['ada', 200, 201, 200],
  ])('%s may do what the role allows', async (login, read, write, administer) => {
    const { rest } = fleet.as(login);
    expect(await statusOf(rest.repos.get(REPOSITORY))).toBe(read);
    const blob = rest.git.createBlob({ ...REPOSITORY, content: 'x' });
    expect(await statusOf(blob)).toBe(write);
    expect(await statusOf(rest.repos.update({ ...REPOSITORY, description: 'x' }))).toBe(administer);
  });

  test('a wrong token is no stranger', async () => {
    const open = { owner: 'acme', repo: '.github' };
    const wrong = clientOf(fleet.github, 'ghp_wrong').rest;
    await expect(wrong.repos.get(open)).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('Bad credentials') as string,
    });
    const nobody = await fetch(`${fleet.github.url}/repos/acme/.github`);
    expect(nobody.status).toBe(200);
    const write = await fetch(`${fleet.github.url}/repos/acme/.github/git/refs`, {
      method: 'POST',
      body: '{"ref":"refs/heads/x","sha":"x"}',
    });
    expect(write.status).toBe(401);
  });

  test('nobody writes to an archived repository', async () => {
    const { rest } = fleet.as('ada');
    await rest.repos.update({ ...REPOSITORY, archived: true });
    const blob = rest.git.createBlob({ ...REPOSITORY, content: 'x' });
    await expect(blob).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Repository was archived so is read-only.') as string,
    });
  });

  test('checks are for Apps', async () => {
    const call = fleet.as('ada').rest.checks.create({
      ...REPOSITORY,
      name: 'x',
      head_sha: '0'.repeat(40),
    });
    await expect(call).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('You must authenticate via a GitHub App.') as string,
    });
  });
});

test('a repository answers under its old names with a redirect', async () => {
  const { github, as } = fleet;
  const { rest } = as('ada');
  await rest.repos.update({ ...REPOSITORY, name: 'armada' });
  expect((await rest.repos.get(REPOSITORY)).data.full_name).toBe('acme/armada');
  const { data: file } = await rest.repos.getContent({ ...REPOSITORY, path: 'README.md' });
  expect(file).toMatchObject({ name: 'README.md' });
  github.transferRepository('acme/armada', 'ada', 'ada');
  expect((await rest.repos.get(REPOSITORY)).data.full_name).toBe('ada/armada');
  const { rest: reviewer } = await tokenFor();
  expect(await statusOf(reviewer.repos.get({ owner: 'ada', repo: 'armada' }))).toBe(404);
});
