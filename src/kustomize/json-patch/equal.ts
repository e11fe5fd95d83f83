import type { Located, LocatedMap, LocatedScalar } from '../../model/located.ts';
import { goJsonNumber } from '../text/go-number.ts';

/**
 * Whether a value of the object equals one of the patch. Numbers are compared by their text: the
 * object's as Go prints it, the patch's as it is written where the patch is JSON.
 */
export function isEqualJson(value: Located, wanted: Located, isJson: boolean): boolean {
  if (value.kind === 'scalar' || wanted.kind === 'scalar') {
    return (
      value.kind === 'scalar' &&
      wanted.kind === 'scalar' &&
      jsonText(value, false) === jsonText(wanted, isJson)
    );
  }
  if (value.kind === 'map' && wanted.kind === 'map') return isEqualMap(value, wanted, isJson);
  if (value.kind !== 'list' || wanted.kind !== 'list') return false;
  return (
    value.items.length === wanted.items.length &&
    value.items.every((item, at) => {
      const other = wanted.items[at];
      return other !== undefined && isEqualJson(item, other, isJson);
    })
  );
}

function isEqualMap(value: LocatedMap, wanted: LocatedMap, isJson: boolean): boolean {
  return (
    value.entries.length === wanted.entries.length &&
    value.entries.every((entry) => {
      const other = wanted.get(entry.key);
      return other !== undefined && isEqualJson(entry.value, other, isJson);
    })
  );
}

function jsonText({ value, raw }: LocatedScalar, isAsWritten: boolean): string {
  if (typeof value !== 'number' && typeof value !== 'bigint') return JSON.stringify(value);
  return isAsWritten && raw !== undefined ? raw : goJsonNumber(value);
}
