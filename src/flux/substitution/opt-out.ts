import { type LocatedMap, Unknown } from '../../model/located.ts';

const KEY = 'kustomize.toolkit.fluxcd.io/substitute';

/**
 * Whether an object is left alone: a label or annotation says `disabled`, before any variable in
 * it is replaced. Not known where the label or annotation is not.
 */
export function optsOut(object: LocatedMap): boolean | Unknown {
  const metadata = object.get('metadata');
  if (isUnknown(metadata)) return metadata.value;
  if (metadata?.kind !== 'map') return false;
  let unknown: Unknown | undefined;
  for (const field of ['labels', 'annotations']) {
    const map = metadata.get(field);
    const node = map?.kind === 'map' ? map.get(KEY) : map;
    if (isUnknown(node)) unknown ??= node.value;
    else if (map?.kind === 'map' && map.text(KEY) === 'disabled') return true;
  }
  return unknown ?? false;
}

function isUnknown(node: ReturnType<LocatedMap['get']>): node is UnknownScalar {
  return node?.kind === 'scalar' && node.value instanceof Unknown;
}

type UnknownScalar = Extract<ReturnType<LocatedMap['get']>, { kind: 'scalar' }> & {
  readonly value: Unknown;
};
