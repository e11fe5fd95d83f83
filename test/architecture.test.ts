import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { describe, expect, it } from 'vitest';

const SOURCE = new URL('../src', import.meta.url).pathname;

/** Who may import whom: rooms of `src/`. A room may always import itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  yaml: ['model'],
  kustomize: ['model', 'yaml'],
  flux: ['model', 'yaml', 'kustomize', 'versions'],
  signatures: ['model'],
  versions: [],
  rules: ['model', 'yaml', 'flux', 'versions'],
  report: ['model'],
  config: ['model', 'yaml', 'rules'],
  github: ['model'],
  snapshot: ['model'],
  // Local commits come through the hardened git of snapshot.
  evidence: ['model', 'signatures', 'github', 'snapshot'],
  publish: ['model', 'report', 'github'],
  review: [
    'model',
    'yaml',
    'kustomize',
    'flux',
    'signatures',
    'versions',
    'rules',
    'report',
    'config',
    'snapshot',
    'evidence',
    'publish',
  ],
  jobs: ['model'],
  commands: ['model', 'report', 'review'],
  webhooks: ['model', 'commands', 'jobs'],
  server: ['model', 'jobs'],
  preview: ['model', 'report'],
};

/** Wiring knows everything, and nobody knows it. */
const WIRING = ['app', 'cli', 'index.ts', 'cli.ts'];

/** Rooms that only compute. */
const PURE = [
  'model',
  'yaml',
  'kustomize',
  'flux',
  'signatures',
  'versions',
  'rules',
  'report',
  'config',
];

/** What a room that only computes must not reach. */
const WORLD =
  /^node:(?:fs|child_process|net|http|https|http2|dgram|tls|dns|worker_threads|cluster|process|os)(?:\/|$)/;

/** Where GitHub's libraries may be imported: adapters, the client's room, and wiring. */
function mayTalkToGitHub(file: string): boolean {
  return (
    /(?:^|\/)github(?:-[a-z-]+)?\.ts$/.test(file) ||
    /^(?:github|webhooks|app|cli)\//.test(file) ||
    file === 'index.ts'
  );
}

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(SOURCE, from), 'utf8');
  return [
    ...text.matchAll(/(?:^|\n)(?:import|export)\b[^'";]*?from '([^']+)'|import\('([^']+)'\)/g),
  ].map(([, specifier = '', dynamic = '']) => ({
    from,
    to: resolveImport(from, specifier || dynamic),
  }));
});

function resolveImport(from: string, specifier: string): string {
  return specifier.startsWith('.')
    ? relative(SOURCE, join(SOURCE, from, '..', specifier))
    : specifier;
}

/** The first folder below `src/`, or the file when it stands there itself. */
function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

function isLocal({ to }: Import): boolean {
  return to.endsWith('.ts');
}

function show({ from, to }: Import): string {
  return `${from} -> ${to}`;
}

describe('the house', () => {
  it('is read as it is', () => {
    expect(imports.map(show)).toContain('yaml/parse.ts -> model/source.ts');
    expect(imports.map(show)).toContain('snapshot/git-process.ts -> node:child_process');
  });

  it('has only rooms that the table knows', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => !(room in ROOMS) && !WIRING.includes(room))).toEqual([]);
  });

  it('keeps to the table of who may import whom', () => {
    const forbidden = imports.filter(isLocal).filter(({ from, to }) => {
      const [room, other] = [roomOf(from), roomOf(to)];
      if (room === other || WIRING.includes(room)) return false;
      return !ROOMS[room]?.includes(other);
    });
    expect(forbidden.map(show)).toEqual([]);
  });

  it('imports no file that leaves src, except the package itself', () => {
    expect(
      imports
        .filter(isLocal)
        .filter(({ to }) => to.startsWith('..'))
        .map(show),
    ).toEqual([]);
  });

  it('reaches the world from no room that only computes', () => {
    const reaching = imports.filter(
      ({ from, to }) => PURE.includes(roomOf(from)) && WORLD.test(to),
    );
    expect(reaching.map(show)).toEqual([]);
  });

  it('talks to GitHub from its adapters only', () => {
    const talking = imports.filter(
      ({ from, to }) => /^(?:@octokit\/|probot)/.test(to) && !mayTalkToGitHub(from),
    );
    expect(talking.map(show)).toEqual([]);
  });

  it('lets adapters be known by wiring only: a use case knows ports', () => {
    const known = imports.filter(isLocal).filter(({ from, to }) => {
      const isAdapter = /\/(?:github(?:-[a-z-]+)?|git|sqlite)\.ts$/.test(to);
      return isAdapter && roomOf(from) !== roomOf(to) && !WIRING.includes(roomOf(from));
    });
    expect(known.map(show)).toEqual([]);
  });
});
