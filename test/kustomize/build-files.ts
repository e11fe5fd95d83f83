import type { Additions } from '../../src/kustomize/additions.ts';
import { build } from '../../src/kustomize/build.ts';
import { BuildCache } from '../../src/kustomize/cache.ts';
import { renderYaml } from '../../src/kustomize/print/render.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

/** What a build says, as texts. */
export interface BuildTexts {
  readonly yaml: string;
  /** `path:line code: message`. */
  readonly problems: readonly string[];
  /** `path:line cause: reason`. */
  readonly incomplete: readonly string[];
}

/** Builds a directory of a repository made of these files. */
export function buildFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  directory = '',
  additions?: Additions,
): BuildTexts {
  const built = build(memoryTree(files), directory, new BuildCache(), { additions });
  return {
    yaml: renderYaml(built.resources),
    problems: built.problems.map(
      ({ code, message, place }) => `${place.path}:${place.line} ${code}: ${message}`,
    ),
    incomplete: built.incomplete.map(
      ({ cause, reason, place }) => `${place.path}:${place.line} ${cause}: ${reason}`,
    ),
  };
}

/** A ConfigMap with a name, and perhaps more of its fields. */
export function configMap(name: string, rest = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`;
}

export const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.27
`;
