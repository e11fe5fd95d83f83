import type { LocatedMap } from '../model/located.ts';
import { groupOf, type Resource } from '../model/resource.ts';
import { specOf } from './kinds.ts';
import { securePath } from './paths.ts';
import { keyOfSource, type SourceReference } from './sources.ts';

/** The object by which source-watcher packs parts of sources into ExternalArtifacts. */
export function isArtifactGenerator({ apiVersion, kind }: Resource): boolean {
  return kind === 'ArtifactGenerator' && groupOf(apiVersion) === 'source.extensions.fluxcd.io';
}

/** Where the files of an ExternalArtifact come from, or why that cannot be told. */
export type Packing =
  { readonly root: string; readonly generator: string } | { readonly reason: string };

/**
 * The directory of this repository that an ExternalArtifact is a part of: each of its copies must
 * keep its place below that directory.
 *
 * @param isOwn whether a source is this repository, by {@link keyOfSource}
 * @returns undefined where no generator of the cluster makes it
 */
export function packingOf(
  { namespace, name }: Pick<SourceReference, 'namespace' | 'name'>,
  generators: readonly Resource[],
  isOwn: (key: string) => boolean,
): Packing | undefined {
  const described = `ExternalArtifact ${namespace}/${name}`;
  for (const generator of generators) {
    if ((generator.namespace ?? 'default') !== namespace) continue;
    const artifact = mapsIn(specOf(generator), 'artifacts').find(
      (one) => one.text('name') === name,
    );
    if (artifact === undefined) continue;
    const own = ownAliases(generator, namespace, isOwn);
    const roots = new Set(mapsIn(artifact, 'copy').map((copy) => rootOf(copy, own)));
    const [root] = roots;
    if (roots.size === 1 && root !== undefined) return { root, generator: generator.name };
    const reason = `ArtifactGenerator ${generator.name} packs ${described} from more than one directory of this repository, or from elsewhere`;
    return { reason };
  }
  return undefined;
}

/** The names that a generator gives to this repository. */
function ownAliases(
  generator: Resource,
  namespace: string,
  isOwn: (key: string) => boolean,
): ReadonlySet<string> {
  const sources = mapsIn(specOf(generator), 'sources').filter((source) =>
    isOwn(
      keyOfSource({
        kind: source.text('kind') ?? '',
        namespace: source.text('namespace') ?? namespace,
        name: source.text('name') ?? '',
      }),
    ),
  );
  return new Set(sources.flatMap((source) => source.text('alias') ?? []));
}

/** `apps` for a copy from `@fleet/apps/base/**` to `@artifact/base/`. */
function rootOf(copy: LocatedMap, own: ReadonlySet<string>): string | undefined {
  const [, alias = '', from = ''] =
    /^@([^/]+)\/(?:(.*)\/)?(?:\*\*)?$/.exec(copy.text('from') ?? '') ?? [];
  const to = /^@artifact(?:\/(.*))?$/.exec(copy.text('to') ?? '');
  if (!own.has(alias) || to === null || /[*?[\]{}]/.test(from)) return undefined;
  const [source, target] = [securePath(from), securePath(to[1] ?? '')];
  if (target === '') return source;
  if (source === target) return '';
  return source.endsWith(`/${target}`) ? source.slice(0, -target.length - 1) : undefined;
}

function mapsIn(map: LocatedMap | undefined, field: string): LocatedMap[] {
  return (map?.list(field)?.items ?? []).flatMap((item) => (item.kind === 'map' ? [item] : []));
}
