import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { admitCommand } from '../src/cli/admit.ts';
import { CONFIG_PATH, parseConfig } from '../src/config/load.ts';
import { rules } from '../src/rules/index.ts';
import { VARIABLES } from '../src/server/variables.ts';
import { createOutput } from './cli/local-repository.ts';

const ROOT = new URL('..', import.meta.url).pathname;

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const readme = read('README.md');

describe('the README', () => {
  it('says what each variable of the environment is', () => {
    for (const [name, meaning] of Object.entries(VARIABLES)) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
      expect(row.replaceAll('\\\\', '\\')).toContain(meaning);
    }
  });

  it('says what each permission is for', () => {
    const { default_permissions: permissions } = parse(read('app.yml')) as {
      default_permissions: Record<string, string>;
    };
    for (const [name, access] of Object.entries(permissions)) {
      expect(readme).toMatch(new RegExp(`\\| ${name.replaceAll('_', ' ')}: ${access} +\\|`));
    }
  });

  it('shows a configuration that is in order', () => {
    const example = /```yaml\n(# yaml-language-server[^]*?)```/.exec(readme)?.[1] ?? '';
    const ids = rules.map(({ id }) => id);
    expect(parseConfig(CONFIG_PATH, example, ids)).toHaveProperty('config');
    const schema = JSON.parse(read('docs/fluxgate.schema.json')) as object;
    const isValid = new Ajv2020({ strict: false }).compile(schema);
    isValid(parse(example));
    expect(isValid.errors ?? []).toEqual([]);
  });
});

it('links to files that are there', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].concat(
    readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md'))
      .map((path) => `docs/${path}`),
  );
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(ROOT, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

describe('workflows', () => {
  const files = readdirSync(join(ROOT, '.github/workflows'));
  it.each(files)('%s uses actions by commit, and asks for no more than it needs', (file) => {
    const text = read(`.github/workflows/${file}`);
    for (const [, action = ''] of text.matchAll(/uses: (\S+)/g)) {
      expect(action).toMatch(/@[0-9a-f]{40}$/);
    }
    const { permissions } = parse(text) as { permissions: unknown };
    expect(permissions).toEqual({});
  });
});

describe('deploy/', () => {
  it('is let in at restricted, with nothing to warn about', async () => {
    const output = createOutput();
    const call = { level: 'restricted', defaulting: 'server', format: 'json' } as const;
    const code = await admitCommand([join(ROOT, 'deploy')], call, output, () =>
      Promise.resolve(''),
    );
    const { objects, problems } = JSON.parse(output.text) as {
      objects: { object: { kind: string }; allowed: boolean; warnings: string[] }[];
      problems: unknown[];
    };
    expect(code).toBe(0);
    expect(problems).toEqual([]);
    expect(objects.map(({ object }) => object.kind)).toContain('Deployment');
    for (const object of objects) expect(object).toMatchObject({ allowed: true, warnings: [] });
  });
});
