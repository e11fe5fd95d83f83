import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readEnvironment, renderProblems } from '../../src/server/environment.ts';
import { readPrivateKey, readPrivateKeyFile } from '../../src/server/private-key.ts';
import { VARIABLES } from '../../src/server/variables.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PKCS1 = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const SECRET = 'a secret of the tests';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fluxgate-environment-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function given(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const needed = { APP_ID: '99', PRIVATE_KEY: PKCS1, WEBHOOK_SECRET: SECRET };
  return { ...needed, DATA_DIR: join(folder, 'data'), ...more };
}

function messages(variables: NodeJS.ProcessEnv): string[] {
  const result = readEnvironment(variables);
  return 'problems' in result ? result.problems.map(({ message }) => message) : [];
}

test('only what cannot be guessed has to be given', () => {
  expect(readEnvironment(given())).toEqual({
    environment: {
      appId: 99,
      privateKey: PKCS8,
      webhookSecrets: [SECRET],
      githubApiUrl: 'https://api.github.com',
      host: '0.0.0.0',
      port: 3_000,
      dataDirectory: join(folder, 'data'),
      workers: 4,
      logLevel: 'info',
      logFormat: 'json',
    },
  });
  expect(readdirSync(folder)).toContain('data');
});

test('everything may be given', () => {
  const all = given({
    APP_ID: ' 100 ',
    WEBHOOK_SECRET: ' new , old,, ',
    GITHUB_API_URL: 'https://ghes.example/api/v3/',
    HOST: '::1',
    PORT: '0',
    METRICS_PORT: '9090',
    WORKERS: '64',
    LOG_LEVEL: 'debug',
    LOG_FORMAT: 'pretty',
    REGISTRY_HOSTS: 'ghcr.io, Registry.Example:5000',
    NODE_EXTRA_CA_CERTS: import.meta.filename,
    https_proxy: 'http://user:pass@proxy:3128',
    NO_PROXY: 'localhost,.internal',
  });
  expect(readEnvironment(all)).toMatchObject({
    environment: {
      appId: 100,
      webhookSecrets: ['new', 'old'],
      githubApiUrl: 'https://ghes.example/api/v3',
      host: '::1',
      port: 0,
      metricsPort: 9_090,
      workers: 64,
      logLevel: 'debug',
      logFormat: 'pretty',
      registryHosts: ['ghcr.io', 'registry.example:5000'],
      proxy: { https: 'http://user:pass@proxy:3128', except: ['localhost', '.internal'] },
    },
  });
});

test('metrics on the port of webhooks are no port of their own', () => {
  expect(readEnvironment(given({ METRICS_PORT: '3000' }))).not.toHaveProperty(
    'environment.metricsPort',
  );
});

test('nothing given: all that is missing, and where to get it', () => {
  const result = readEnvironment({ DATA_DIR: join(folder, 'data') });
  expect('problems' in result && renderProblems(result.problems)).toBe(
    `Fluxgate cannot start:
- APP_ID is missing. Set it to the number at the top of your GitHub App's settings page ("App ID").
- PRIVATE_KEY is missing. Set it to the App's private key: the PEM file that its settings page generates, as text (line ends may be \\n) or in base64.
- WEBHOOK_SECRET is missing. Set it to the webhook secret of the App's settings page (make one with \`openssl rand -hex 32\`); while you change it, both, separated by a comma.
`,
  );
});

describe('what cannot be used is named, with what would do', () => {
  test.each<[string, string]>([
    ['APP_ID', 'my-app'],
    ['APP_ID', '0'],
    ['APP_ID', '1e3'],
    ['WEBHOOK_SECRET', ','],
    ['GITHUB_API_URL', 'api.github.com'],
    ['GITHUB_API_URL', 'ftp://example.org'],
    ['GITHUB_API_URL', 'http://ghes.example/api/v3'],
    ['GITHUB_API_URL', 'https://user:pass@ghes.example'],
    ['GITHUB_API_URL', 'https://ghes.example/?x'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['METRICS_PORT', '1.5'],
    ['WORKERS', '0'],
    ['WORKERS', '65'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['REGISTRY_HOSTS', 'https://ghcr.io'],
    ['REGISTRY_HOSTS', 'ghcr.io/acme'],
    ['REGISTRY_CREDENTIALS', '/nowhere/at/all'],
    ['REGISTRY_CREDENTIALS', import.meta.filename],
    ['SIGSTORE_TRUSTED_ROOT', join(import.meta.dirname, '../../package.json')],
    ['NODE_EXTRA_CA_CERTS', '/nowhere/at/all'],
    ['HTTPS_PROXY', 'proxy:3128'],
    ['DATA_DIR', join(import.meta.filename, 'x')],
  ])('%s=%s', (variable, value) => {
    expect(messages(given({ [variable]: value }))).toEqual([
      `${variable} cannot be used. Set it to ${VARIABLES[variable as keyof typeof VARIABLES]}.`,
    ]);
  });

  test.each(['http://127.0.0.1:4000', 'http://localhost:4000/api/v3', 'http://[::1]:4000'])(
    'while plain http to this machine can: %s',
    (url) => {
      expect(readEnvironment(given({ GITHUB_API_URL: url }))).toMatchObject({
        environment: { githubApiUrl: url },
      });
    },
  );

  test('set to nothing is missing', () => {
    expect(messages(given({ WEBHOOK_SECRET: '  ', APP_ID: '' }))).toEqual([
      expect.stringMatching(/^APP_ID is missing\./),
      expect.stringMatching(/^WEBHOOK_SECRET is missing\./),
    ]);
  });

  test('two keys are one too many', () => {
    expect(messages(given({ PRIVATE_KEY_PATH: 'x' }))).toEqual([
      'PRIVATE_KEY and PRIVATE_KEY_PATH are both set: keep one of them.',
    ]);
  });

  test('values are never shown', () => {
    const hidden = 'do-not-show';
    const names = Object.keys(VARIABLES).filter(
      (name) => !/^(PRIVATE_KEY_PATH|DATA_DIR)$/.test(name),
    );
    const result = readEnvironment({
      ...Object.fromEntries(names.map((name) => [name, hidden])),
      DATA_DIR: join(folder, 'data'),
    });
    expect(JSON.stringify(result)).not.toContain(hidden);
  });
});

describe('a private key', () => {
  test.each<[string, string]>([
    ['PKCS #1', PKCS1],
    ['PKCS #8', PKCS8],
    ['escaped line ends', PKCS1.replaceAll('\n', '\\n')],
    ['escaped Windows line ends', PKCS1.replaceAll('\n', '\\r\\n')],
    ['Windows line ends', PKCS1.replaceAll('\n', '\r\n')],
    ['quotes', `"${PKCS1.replaceAll('\n', '\\n')}"`],
    ['base64', Buffer.from(PKCS1).toString('base64')],
    ['wrapped base64', Buffer.from(PKCS1).toString('base64').replaceAll(/.{76}/g, '$&\n')],
    ['space around', `\n  ${PKCS1}\n\n`],
  ])('may be given with %s', (_label, text) => {
    expect(readPrivateKey(text)).toEqual({ pem: PKCS8 });
  });

  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
  const format = { type: 'pkcs8', format: 'pem' } as const;

  test.each<[string, string | Buffer, string]>([
    ['no key', 'hello', 'is no private key in PEM format'],
    [
      'base64 of something',
      Buffer.from('hello').toString('base64'),
      'is no private key in PEM format',
    ],
    [
      'a cut key',
      PKCS1.slice(0, 800),
      'is damaged: its PEM does not decode, perhaps cut off or with lost line ends',
    ],
    ['an elliptic key', elliptic.export(format), 'is a key of type ec, not RSA'],
    ['an RSA-PSS key', pss.export(format), 'is a key of type rsa-pss, not RSA'],
    ['a short key', short.export(format), 'is an RSA key of 1024 bits, too short to be safe'],
    [
      'a key with a passphrase',
      privateKey.export({ ...format, cipher: 'aes-256-cbc', passphrase: 'x' }),
      'is protected by a passphrase; give it without',
    ],
    [
      'a public key',
      publicKey.export({ type: 'spki', format: 'pem' }),
      'is a public key; the App needs its private key',
    ],
    [
      'a certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'is a certificate; the App needs its private key',
    ],
  ])('that cannot be used is told apart: %s', (_label, text, problem) => {
    expect(readPrivateKey(String(text))).toEqual({ problem });
    expect(messages(given({ PRIVATE_KEY: String(text) }))).toEqual([
      `PRIVATE_KEY ${problem}. Set it to ${VARIABLES.PRIVATE_KEY}.`,
    ]);
  });

  test('may be given as a file', () => {
    const path = join(folder, 'key.pem');
    writeFileSync(path, PKCS1);
    const result = readEnvironment(given({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: path }));
    expect(result).toMatchObject({ environment: { privateKey: PKCS8 } });
  });

  test('in a file that cannot be used is told apart', () => {
    const large = join(folder, 'large');
    const other = join(folder, 'other');
    mkdirSync(join(folder, 'folder'));
    writeFileSync(large, 'x'.repeat(65_537));
    writeFileSync(other, 'hello');
    expect(readPrivateKeyFile(join(folder, 'absent'))).toEqual({
      problem: 'names a file that cannot be read (ENOENT)',
    });
    expect(readPrivateKeyFile(join(folder, 'folder'))).toEqual({ problem: 'names no file' });
    expect(readPrivateKeyFile(large)).toEqual({
      problem: 'names a file that is too large for a key',
    });
    expect(readPrivateKeyFile(other)).toEqual({
      problem: 'names a file that is no private key in PEM format',
    });
  });
});

test('a process that cannot start says why and exits with 2', () => {
  const module = join(import.meta.dirname, '../../src/server/environment.ts');
  const script = `import(${JSON.stringify(module)}).then((it) => it.requireEnvironment())`;
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    { encoding: 'utf8', env: { DATA_DIR: join(folder, 'data'), WEBHOOK_SECRET: SECRET } },
  );
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^Fluxgate cannot start:\n- APP_ID is missing\. .*\n- PRIVATE_KEY is missing\. .*\n$/,
  );
});
