import type { FieldPath } from '../../../model/field-path.ts';
import type { FieldEdit } from '../../../model/finding.ts';
import { goQuote } from '../go-quote.ts';
import type { GoField, GoType } from './go-types.ts';

/** A value of a type that its field does not take. The API server answers 400. */
export interface DecodeError {
  readonly path: FieldPath;
  /** In the words of the API server. */
  readonly message: string;
  /** For people: what stands there and what the field takes. */
  readonly explanation: string;
  /** The value in the right type, where what was meant is beyond doubt. */
  readonly fix: readonly FieldEdit[] | undefined;
  /** The API server stops reading here, and reports this error before any earlier one. */
  readonly stops: boolean;
}

/** The one error that the API server prints of several. */
export function printedError(errors: readonly DecodeError[]): DecodeError | undefined {
  return errors.find((error) => error.stops) ?? errors[0];
}

/**
 * The whole refusal: `Pod in version "v1" cannot be handled as a Pod: json: …`.
 *
 * @param kind of the object as sent, e.g. `Deployment`
 * @param version without the group, e.g. `v1`
 */
export function decodeRefusal(kind: string, version: string, error: DecodeError): string {
  return `${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`;
}

/** A value of another JSON type than the field's. */
export function mismatch(root: GoType, path: FieldPath, value: unknown, type: GoType): DecodeError {
  const place = goPlace(root, path);
  const wanted = PRINTED_AS[type.kind] ?? type.name;
  return {
    path,
    message: `json: cannot unmarshal ${goValue(value, wanted)} into Go ${place} of type ${wanted}`,
    explanation: `${shown(value)} stands where ${TAKES[type.kind]} belongs`,
    fix: converted(path, value, type.kind),
    stops: type.kind in PRINTED_AS,
  };
}

/** Types with a decoder of their own, by the type that one reads. An error in it stops the rest. */
const PRINTED_AS: Readonly<Partial<Record<GoType['kind'], string>>> = {
  'int-or-string': 'int32',
  time: 'string',
};

export function quantityError(path: FieldPath, value: unknown, problem: string): DecodeError {
  return {
    path,
    message: problem,
    explanation: `${shown(value)} is not a quantity such as 500m, 2 or 1Gi`,
    fix: undefined,
    stops: true,
  };
}

export function timeError(path: FieldPath, value: string): DecodeError {
  const layout = '2006-01-02T15:04:05Z07:00';
  return {
    path,
    message: `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(value)} as "2006"`,
    explanation: `${shown(value)} is not a time such as 2026-01-31T12:00:00Z`,
    fix: undefined,
    stops: true,
  };
}

/** `struct field Container.spec.containers.image`: no indexes and no keys of maps. */
function goPlace(root: GoType, path: FieldPath): string {
  let holder: string | undefined;
  let type: GoType | undefined = root;
  const names: string[] = [];
  for (const step of path) {
    const field: GoField | undefined = typeof step === 'string' ? type?.fields[step] : undefined;
    if (field) {
      holder = type?.name;
      names.push(field.path);
    }
    type = field ? field.type : type?.item;
  }
  if (holder === undefined) return 'value';
  return `struct field ${holder.slice(holder.indexOf('.') + 1)}.${names.join('.')}`;
}

function goValue(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'number' && typeof value !== 'bigint') return typeof value;
  return wanted === 'int32' || wanted === 'int64' ? `number ${value}` : 'number';
}

const LONGEST_SHOWN = 60;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') {
    const text = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
    return `the text ${JSON.stringify(text)}`;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  return typeof value === 'boolean' ? `the boolean ${value}` : 'a map';
}

const TAKES: Readonly<Record<GoType['kind'], string>> = {
  struct: 'a map',
  map: 'a map',
  list: 'a list',
  string: 'a text',
  bool: 'true or false, without quotes,',
  int32: 'a whole number',
  int64: 'a whole number',
  'int-or-string': 'a whole number or a name',
  quantity: 'a quantity',
  time: 'a time',
  any: 'anything',
};

/** Texts that mean a boolean. Kustomize writes the YAML 1.1 booleans, such as `on`, as texts. */
const BOOLEANS: Record<string, boolean> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

/** Numbers are not made texts: `1.10` and `0755` have lost what was written. */
function converted(path: FieldPath, value: unknown, kind: GoType['kind']): FieldEdit[] | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  if (kind === 'bool' && Object.hasOwn(BOOLEANS, word)) return [{ path, set: BOOLEANS[word] }];
  const isWhole = (kind === 'int32' || kind === 'int64') && /^(0|-?[1-9]\d{0,8})$/.test(value);
  return isWhole ? [{ path, set: Number(value) }] : undefined;
}

/**
 * What the API server says of fields that it does not know, in a warning or, where validation is
 * strict (as kubectl asks for), in a refusal.
 */
export function unknownFieldsText(paths: readonly FieldPath[]): string {
  const fields = paths.map((path) => `unknown field ${goQuote(goPath(path))}`);
  return `strict decoding error: ${fields.join(', ')}`;
}

/** `spec.containers[0].image`. */
function goPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
