import type { IdentityPattern, TextPattern } from '../../../model/image.ts';
import type { LocatedMap } from '../../../model/located.ts';

/**
 * An identity as `issuer`, `subject` and their `…RegExp` tell it; undefined where one is told
 * twice, of which engines make different things.
 *
 * @param plain how the plain fields are compared
 */
export function toIdentity(
  map: LocatedMap,
  plain: 'exact' | 'wildcard',
): IdentityPattern | undefined {
  const issuer = toPattern(map, 'issuer', plain);
  const subject = toPattern(map, 'subject', plain);
  if (issuer === 'both' || subject === 'both') return undefined;
  return { ...(issuer && { issuer }), ...(subject && { subject }) };
}

function toPattern(
  map: LocatedMap,
  field: 'issuer' | 'subject',
  how: 'exact' | 'wildcard',
): TextPattern | 'both' | undefined {
  const text = map.text(field) ?? '';
  const regex = map.text(`${field}RegExp`) ?? '';
  if (text !== '' && regex !== '') return 'both';
  if (regex !== '') return { how: 'regex', text: regex };
  return text === '' ? undefined : { how, text };
}
