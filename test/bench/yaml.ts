import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { LineCounter, parseAllDocuments } from 'yaml';

import type * as source from '../../src/model/source.ts';
import type * as parsing from '../../src/yaml/parse.ts';
import { compile } from './compile.ts';
import type { Row } from './webhook.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/repositories');
/** A repository of some size; what is measured is parsing, not starting. */
const COPIES = 40;
const ROUNDS = 9;
const LEAST_RATIO = 2;

/**
 * Manifests to values that know their place, as kustomize reads them, beside the `yaml` library
 * with its line counter on the same texts. The two take turns, and the fastest round of each counts.
 */
export async function benchYaml(): Promise<Row[]> {
  const folder = compile('src/model', 'src/yaml');
  try {
    const { parseYaml } = (await import(join(folder, 'src/yaml/parse.js'))) as typeof parsing;
    const { SourceText } = (await import(join(folder, 'src/model/source.js'))) as typeof source;
    const texts = manifests();
    const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
    const own: number[] = [];
    const other: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      own.push(
        processorTime(() => {
          for (const text of texts) parseYaml(new SourceText('file.yaml', text), 'kustomize');
        }),
      );
      other.push(
        processorTime(() => {
          for (const text of texts) {
            const lineCounter = new LineCounter();
            for (const document of parseAllDocuments(text, { lineCounter, version: '1.1' })) {
              document.toJS();
            }
          }
        }),
      );
    }
    const speed = megabytes / Math.min(...own);
    const yamlSpeed = megabytes / Math.min(...other);
    const ratio = speed / yamlSpeed;
    return [
      { name: 'YAML with places, as kustomize reads it', value: round(speed), unit: 'MB/s' },
      { name: 'YAML by the yaml library, same files', value: round(yamlSpeed), unit: 'MB/s' },
      {
        name: 'YAML: times as fast as the yaml library',
        value: round(ratio),
        unit: '×',
        target: `at least ${LEAST_RATIO} ×`,
        met: ratio >= LEAST_RATIO,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function manifests(): string[] {
  const texts = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => readFileSync(join(FIXTURES, path), 'utf8'));
  // A comment of its own makes each copy a text that no cache has seen.
  return Array.from({ length: COPIES }, (_, copy) =>
    texts.map((text) => `# ${copy}\n${text}`),
  ).flat();
}

/** Seconds of this process's own work: others on the machine do not count. */
function processorTime(run: () => void): number {
  const begin = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
