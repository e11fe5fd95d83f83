/**
 * Writes the picture of the README from real output: `fluxgate review` of a pull request of the
 * demo, on the repository of the demo.
 *
 *     npm run picture
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { scenarios } from '../test/demo/scenarios.ts';
import { renderTerminal } from './terminal-picture.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const FLEET = join(ROOT, 'fixtures/repositories/fleet');
const SCENARIO = 'debug-podinfo';
const COLUMNS = 108;

const folder = mkdtempSync(join(tmpdir(), 'fluxgate-picture-'));
try {
  cpSync(FLEET, folder, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  commit('Begin');
  git('switch', '--quiet', '--create', SCENARIO);
  const scenario = scenarios((path) => readFileSync(join(FLEET, path), 'utf8')).find(
    ({ name }) => name === SCENARIO,
  );
  for (const [path, text] of Object.entries(scenario?.files ?? {})) {
    writeFileSync(join(folder, path), text ?? '');
  }
  commit(scenario?.title ?? '');
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(ROOT, 'src/cli.ts'), 'review', '--base', 'main', '--repo', folder],
    { encoding: 'utf8', cwd: ROOT, env: { ...process.env, FORCE_COLOR: '1' } },
  );
  const text = `\u001b[2m$\u001b[22m fluxgate review --base main\n${stdout.trimEnd()}`;
  writeFileSync(join(ROOT, 'docs/review.svg'), renderTerminal(text, COLUMNS));
} finally {
  rmSync(folder, { recursive: true });
}

function commit(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

function git(...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd: folder,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
  });
}
