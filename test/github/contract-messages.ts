import type { ErrorObject } from 'ajv';

/** Turns schema errors into the sentences with which GitHub refuses a body. */
export function describeErrors(errors: readonly ErrorObject[]): string[] {
  // What stands inside an alternative says less than the alternative's other errors.
  const plain = errors.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf');
  const missing = plain.filter(({ keyword }) => keyword === 'required');
  const others = plain.filter(({ keyword }) => keyword !== 'required');
  return [...new Set([...describeMissing(missing), ...others.map(describe)])];
}

function describeMissing(errors: readonly ErrorObject[]): string[] {
  const byPlace = groupByPlace(errors);
  return [...byPlace.values()].map((group) => {
    const names = group.map((error) => JSON.stringify(missingProperty(error)));
    return `${names.join(', ')} ${names.length === 1 ? "wasn't" : "weren't"} supplied.`;
  });
}

function groupByPlace(errors: readonly ErrorObject[]): Map<string, ErrorObject[]> {
  const groups = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    groups.set(error.instancePath, [...(groups.get(error.instancePath) ?? []), error]);
  }
  return groups;
}

function missingProperty(error: ErrorObject): unknown {
  return (error.params as { missingProperty?: unknown }).missingProperty;
}

function describe(error: ErrorObject): string {
  const { limit } = error.params as { limit?: number };
  switch (error.keyword) {
    case 'maxItems':
      return `No more than ${limit ?? 0} items are allowed; ${lengthOf(error.data)} were supplied.`;
    case 'maxLength':
      return `Only ${limit ?? 0} characters are allowed; ${lengthOf(error.data)} were supplied.`;
    case 'enum':
      return `For '${place(error)}', ${show(error.data)} is not a member of ${JSON.stringify(error.schema)}.`;
    case 'type':
      return `For '${place(error)}', ${show(error.data)} is not ${article(error.schema)}.`;
    default:
      return `For '${place(error)}', ${error.message ?? 'the value is not allowed'}.`;
  }
}

function place({ instancePath }: ErrorObject): string {
  const parts = instancePath.split('/').filter((part) => part !== '');
  return parts
    .map((part) => (/^\d+$/.test(part) ? `items/${part}` : `properties/${part}`))
    .join('/');
}

function show(value: unknown): string {
  return value === null ? 'nil' : JSON.stringify(value);
}

function article(type: unknown): string {
  const name = Array.isArray(type) ? type.join(' or ') : String(type);
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
}
