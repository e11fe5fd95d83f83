import { LocatedMap, LocatedScalar } from '../../model/located.ts';

/** The texts of a list field. */
export function textsOf(map: LocatedMap, field: string): LocatedScalar[] {
  return (map.list(field)?.items ?? []).filter((item) => item instanceof LocatedScalar);
}

/** The maps of a list field. */
export function mapsOf(map: LocatedMap, field: string): LocatedMap[] {
  return (map.list(field)?.items ?? []).filter((item) => item instanceof LocatedMap);
}

/** A text field with its place; undefined when it is absent or empty. */
export function textNodeOf(map: LocatedMap, field: string): LocatedScalar | undefined {
  const node = map.get(field);
  return node instanceof LocatedScalar && node.value !== '' ? node : undefined;
}

/** Whether a flag is set. */
export function isOn(map: LocatedMap | undefined, field: string): boolean {
  const node = map?.get(field);
  return node?.kind === 'scalar' && node.value === true;
}
