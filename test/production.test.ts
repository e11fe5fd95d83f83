import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

/** Packages that the sources load at run time; what only types need is gone by then. */
function packagesOf(source: string): string[] {
  const imports = source.matchAll(
    /^(?:import|export)\s+(?!type\b)[^;]*?from '([^.'][^']*)';|^import '([^.'][^']*)';|import\('([^.'][^']*)'\)/gm,
  );
  return [...imports]
    .map(([, named, bare, later]) => named ?? bare ?? later ?? '')
    .filter((name) => !isBuiltin(name))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
}

describe('what runs in production', () => {
  it('loads production dependencies alone', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => packagesOf(readFileSync(join(ROOT, 'src', name), 'utf8')));
    const missing = new Set(sources.filter((name) => !(name in manifest.dependencies)));
    expect([...missing]).toEqual([]);
  });

  it('is all in the image: what is copied is there', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, paths = '']) => paths.split(' '),
    );
    expect(copied).toContain('src');
    for (const path of copied) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  it('starts as a user without rights, from what the build makes', () => {
    expect(dockerfile).toMatch(/^USER \d{4,}:\d{4,}$/m);
    expect(dockerfile).toMatch(/^CMD \["node", "dist\/index\.js"\]$/m);
  });
});
