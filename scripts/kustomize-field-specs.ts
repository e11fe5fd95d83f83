/**
 * Makes the table of the fields that kustomize's transformers touch, from kustomize's own defaults:
 *
 *     tsx scripts/kustomize-field-specs.ts DIR > src/kustomize/config/default-field-specs.ts
 *
 * DIR is `internal/konfig/builtinpluginconsts` of the Go module sigs.k8s.io/kustomize/api, whose
 * files hold the defaults as YAML in Go texts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { load } from 'js-yaml';

interface Gvk {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

interface FieldSpec extends Gvk {
  readonly path: string;
  readonly create?: boolean;
}

interface NameReference extends Gvk {
  readonly fieldSpecs: readonly FieldSpec[];
}

/** The order in which kustomize joins them (`defaultconfig.go`). */
const SECTIONS = [
  ...['namePrefix', 'nameSuffix', 'commonLabels', 'templateLabels', 'commonAnnotations'],
  ...['namespace', 'varReference', 'nameReference', 'images', 'replicas'],
];

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Usage: tsx scripts/kustomize-field-specs.ts DIR');
  process.exit(2);
}
const defaults = readDefaults(directory);
const lines = SECTIONS.flatMap((section) =>
  section === 'nameReference'
    ? (defaults[section] as NameReference[]).flatMap((target) =>
        target.fieldSpecs.map((spec) => [section, print(target), printSpec(spec)].join(' ')),
      )
    : (defaults[section] as FieldSpec[]).map((spec) => `${section} ${printSpec(spec)}`),
);
console.log(`/**
 * The fields that kustomize 5.8.1 touches by default: facts taken from sigs.k8s.io/kustomize/api
 * (Copyright The Kubernetes Authors, Apache-2.0). Made by scripts/kustomize-field-specs.ts; the
 * format is told in transformer-config.ts.
 */
export const DEFAULT_FIELD_SPECS = String.raw\`
${lines.join('\n')}
\`;`);

/** The YAML of all Go constants, which are raw texts with other constants added, as one document. */
function readDefaults(from: string): Record<string, unknown> {
  const go = readdirSync(from)
    .filter((file) => file.endsWith('.go'))
    .map((file) => readFileSync(join(from, file), 'utf8'))
    .join('\n');
  const constants = [...go.matchAll(/(\w+)\s*=\s*`([^`]*)`(?:\s*\+\s*(\w+))?/g)];
  const textOf = (name: string | undefined): string => {
    const found = constants.find(([, candidate]) => candidate === name);
    return found ? `${found[2] ?? ''}${textOf(found[3])}` : '';
  };
  const documents = constants
    .map(([, name]) => textOf(name))
    .filter((text) => /^\w+:$/m.test(text))
    .map((text) => load(text) as Record<string, unknown>);
  return Object.assign({}, ...documents) as Record<string, unknown>;
}

function print({ group, version, kind }: Gvk): string {
  return [group, version, kind].map((part) => part ?? '-').join(' ');
}

function printSpec(spec: FieldSpec): string {
  return `${spec.path} ${print(spec)}${spec.create ? ' create' : ''}`;
}
