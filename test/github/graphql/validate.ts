import type { GraphqlError } from './execute.ts';
import type { Document, FieldSelection, Operation, Selection, Value } from './language.ts';
import { type FieldDefinition, type Schema, namedType } from './schema.ts';

interface Validation {
  readonly schema: Schema;
  readonly document: Document;
  readonly operation: Operation;
  readonly errors: GraphqlError[];
  /** Fragments on the way down: one inside itself would never end. */
  readonly open: string[];
}

/** What is wrong with an operation before it runs; GitHub then runs nothing of it. */
export function validateOperation(
  schema: Schema,
  document: Document,
  operation: Operation,
): GraphqlError[] {
  const validation: Validation = { schema, document, operation, errors: [], open: [] };
  const root = operation.type === 'query' ? 'Query' : 'Mutation';
  const label =
    operation.name === undefined ? operation.type : `${operation.type} ${operation.name}`;
  checkSelections(validation, root, operation.selections, [label]);
  return validation.errors;
}

function checkSelections(
  validation: Validation,
  type: string,
  selections: readonly Selection[],
  path: readonly string[],
): void {
  for (const selection of selections) {
    if (selection.kind === 'field') checkField(validation, type, selection, path);
    else checkFragment(validation, type, selection, path);
  }
}

function checkFragment(
  validation: Validation,
  type: string,
  selection: Extract<Selection, { kind: 'fragment' }>,
  path: readonly string[],
): void {
  const { name, location } = selection;
  const fragment = name === undefined ? selection : validation.document.fragments.get(name);
  if (fragment === undefined || (name !== undefined && validation.open.includes(name))) {
    const message =
      fragment === undefined
        ? `Fragment ${name ?? ''} was used, but not defined`
        : `Fragment ${name ?? ''} contains an infinite loop`;
    validation.errors.push({ path, locations: [location], message });
    return;
  }
  const on = fragment.on ?? type;
  if (!validation.schema.has(on)) {
    const message = `No such type ${on}, so it can't be a fragment condition`;
    validation.errors.push({ path, locations: [location], message });
    return;
  }
  validation.open.push(name ?? '');
  checkSelections(validation, on, fragment.selections, [...path, `... on ${on}`]);
  validation.open.pop();
}

function checkField(
  validation: Validation,
  type: string,
  selection: FieldSelection,
  path: readonly string[],
): void {
  const { name, location, selections } = selection;
  const own = [...path, selection.alias];
  const report = (code: string, message: string, extra: Record<string, unknown> = {}) =>
    validation.errors.push({
      path: own,
      extensions: { code, typeName: type, fieldName: name, ...extra },
      locations: [location],
      message,
    });
  if (name === '__typename') return;
  const definition = validation.schema.get(type)?.fields[name];
  if (definition === undefined) {
    report('undefinedField', `Field '${name}' doesn't exist on type '${type}'`);
    return;
  }
  checkArguments(validation, definition, selection, report);
  const inner = namedType(definition.type);
  const isObject = validation.schema.has(inner);
  if (isObject && selections.length === 0) {
    const message = `Field must have selections (field '${name}' returns ${inner} but has no selections. Did you mean '${name} { ... }'?)`;
    report('selectionMismatch', message);
  } else if (!isObject && selections.length > 0) {
    const message = `Selections can't be made on scalars (field '${name}' returns ${inner} but has selections)`;
    report('selectionMismatch', message);
  } else if (isObject) {
    checkSelections(validation, inner, selections, own);
  }
}

function checkArguments(
  validation: Validation,
  definition: FieldDefinition,
  { name, args }: FieldSelection,
  report: (code: string, message: string, extra?: Record<string, unknown>) => void,
): void {
  const accepted = definition.args ?? {};
  for (const [argument, value] of Object.entries(args)) {
    if (!(argument in accepted)) {
      const message = `Field '${name}' doesn't accept argument '${argument}'`;
      report('argumentNotAccepted', message, { argumentName: argument });
    }
    for (const variable of variablesIn(value)) {
      if (validation.operation.variables.some((declared) => declared.name === variable)) continue;
      report('variableNotDefined', `Variable $${variable} is used but not declared`);
    }
  }
  const missing = Object.entries(accepted).filter(
    ([argument, type]) => type.endsWith('!') && args[argument] === undefined,
  );
  if (missing.length === 0) return;
  const names = missing.map(([argument]) => argument).join(', ');
  const message = `Field '${name}' is missing required arguments: ${names}`;
  report('missingRequiredArguments', message, { arguments: names });
}

function variablesIn(value: Value): string[] {
  switch (value.kind) {
    case 'variable':
      return [value.name];
    case 'list':
      return value.items.flatMap(variablesIn);
    case 'object':
      return Object.values(value.fields).flatMap(variablesIn);
    case 'literal':
      return [];
  }
}
