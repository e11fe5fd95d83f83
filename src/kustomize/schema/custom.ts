import { LocatedScalar, toPlain } from '../../model/located.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { type BuildContext, fail } from '../context.ts';
import { loadText } from '../files.ts';
import type { Kustomization } from '../kustomization/load.ts';
import { textOf } from '../scalar.ts';
import type { OpenApiDocument } from './openapi.ts';
import { toSchemaTable } from './openapi.ts';
import { builtInSchemas, createSchemas, type Schemas } from './schema.ts';

/** The only version of Kubernetes' schema that kustomize 5 carries. */
const BUILT_IN_VERSION = 'v1.21.2';

/**
 * Takes the schema that a kustomization's `openapi` names, for everything after it: the first one
 * counts, except that the outermost kustomization's is taken always (kyaml `SetSchema`).
 */
export function useSchema(
  context: BuildContext,
  { root, directory }: Kustomization,
  isOutermost: boolean,
): void {
  const openapi = root.map('openapi');
  if (openapi === undefined) return;
  const version = openapi.get('version');
  const path = openapi.get('path');
  if (path instanceof LocatedScalar) {
    const source = loadText(context, directory, path);
    if (source === undefined || (context.schemas !== builtInSchemas() && !isOutermost)) return;
    if (version) {
      const message = 'openapi has either a version or a path, not both.';
      fail(context, 'bad-configuration', message, version);
      return;
    }
    const { documents, problems } = parseYaml(source, 'kustomization');
    for (const problem of problems) fail(context, 'bad-yaml', problem.message, problem);
    const [document] = documents;
    if (document) {
      const id = `${source.path} ${context.tree.entry(source.path)?.id ?? ''}`;
      context.schemas = context.cache.parsed(`schemas ${id}`, 0, () =>
        customSchemas(id, sanitize(toPlain(document)) as OpenApiDocument),
      );
    }
  } else if (version && textOf(version) !== BUILT_IN_VERSION && textOf(version) !== '') {
    const message = `The openapi version ${textOf(version)} is not built into kustomize; ${BUILT_IN_VERSION} is.`;
    fail(context, 'bad-configuration', message, version);
  }
}

/** A schema of one's own stands in place of the built-in one; scopes of known kinds stay. */
function customSchemas(id: string, document: OpenApiDocument): Schemas {
  const table = toSchemaTable([document]);
  const namespaced = new Map([...table.namespaced, ...builtInSchemas().table.namespaced]);
  return createSchemas(id, { ...table, namespaced });
}

/** The document with everything left out that would be no schema: it comes from a file. */
function sanitize(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(sanitize);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, child]) => child !== null && (key !== '$ref' || typeof child === 'string'),
  );
  return Object.fromEntries(entries.map(([key, child]) => [key, sanitize(child)]));
}
