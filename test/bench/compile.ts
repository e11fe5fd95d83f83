import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Compiles folders of the project, given from its root, into a new temporary folder, and returns
 * it. What is measured must run as it will be run: a loader of TypeScript alone takes 30 MB.
 */
export function compile(...folders: readonly string[]): string {
  const target = mkdtempSync(join(tmpdir(), 'fluxgate-bench-'));
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'));
  for (const folder of folders) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) compileFile(join(folder, name), target);
    }
  }
  return target;
}

function compileFile(path: string, target: string): void {
  const { outputText } = ts.transpileModule(readFileSync(join(ROOT, path), 'utf8'), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  const output = join(target, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, outputText);
}
