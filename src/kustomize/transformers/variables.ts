import {
  type Located,
  type LocatedMap,
  LocatedScalar,
  type ScalarValue,
} from '../../model/located.ts';
import type { Site } from '../../model/source.ts';
import { isTimestamp, resolvePlain } from '../../yaml/scalar.ts';
import type { FieldSpec } from '../config/transformer-config.ts';
import { type BuildContext, fail } from '../context.ts';
import { allIds, type Draft, MAX_VALUE_LENGTH, withRoot } from '../draft.ts';
import { FieldFault, type FieldSetting, setFields } from '../fields.ts';
import { lookup } from '../field-paths/lookup.ts';
import { splitFieldPath } from '../field-paths/split.ts';
import { failUnlessIncomplete } from '../incomplete.ts';
import { rebuild } from '../rebuild.ts';
import { parseApiVersion, type ResourceId, wordId } from '../resource-id.ts';
import { isMissingOrNull, textOf } from '../scalar.ts';
import { followShared, noteOverwritten, type Overwritten } from '../shared.ts';
import { goFloat, goJsonNumber } from '../text/go-number.ts';
import { writerAt } from '../transform.ts';

/** An entry of `vars`: a name, and the field that it stands for. */
export interface Variable {
  readonly name: string;
  readonly entry: LocatedMap;
  readonly fieldPath: string;
}

/**
 * Adds a kustomization's own variables to those of its bases, and notes at the objects which
 * variables read them (api `ResAccumulator.MergeVars`).
 */
export function collectVariables(
  context: BuildContext,
  drafts: readonly Draft[],
  known: readonly Variable[],
  entries: readonly LocatedMap[],
): { drafts: readonly Draft[]; variables: readonly Variable[] } {
  let current = drafts;
  const own = entries.map((entry): Variable => {
    const name = entry.text('name') ?? '';
    const meant = current.filter((draft) => isMeant(entry.map('objref'), draft));
    if (meant.length > 1) {
      const message = `The variable ${name} may mean ${meant.map(({ id }) => wordId(id)).join(' or ')}.`;
      fail(context, 'bad-variable', message, entry);
    }
    current = current.map((draft) => (draft === meant[0] ? noteVariable(draft, name) : draft));
    const fieldPath = (entry.map('fieldref')?.text('fieldPath') ?? '') || 'metadata.name';
    return { name, entry, fieldPath };
  });
  return { drafts: current, variables: mergeVariables(context, known, own) };
}

function noteVariable(draft: Draft, name: string): Draft {
  const variables = [...draft.notes.variables, name];
  return { ...draft, notes: { ...draft.notes, variables } };
}

/** The variables of two kustomizations; a name can be given once. */
export function mergeVariables(
  context: BuildContext,
  known: readonly Variable[],
  added: readonly Variable[],
): readonly Variable[] {
  const merged = [...known];
  for (const variable of added) {
    if (merged.some(({ name }) => name === variable.name)) {
      const message = `The variable ${variable.name} is given twice.`;
      fail(context, 'bad-variable', message, variable.entry);
    } else {
      merged.push(variable);
    }
  }
  return merged;
}

function isMeant(reference: LocatedMap | undefined, draft: Draft): boolean {
  if (reference === undefined) return false;
  const apiVersion = reference.text('apiVersion') ?? '';
  const gvk =
    apiVersion === ''
      ? { group: reference.text('group') ?? '', version: reference.text('version') ?? '' }
      : parseApiVersion(apiVersion);
  const namespace = reference.text('namespace') ?? '';
  return allIds(draft).some(
    (id: ResourceId) =>
      id.name === (reference.text('name') ?? '') &&
      id.kind === (reference.text('kind') ?? '') &&
      id.group === gvk.group &&
      id.version === gvk.version &&
      (namespace === '' || id.effectiveNamespace === namespace),
  );
}

/** Writes the values of all variables into the fields that may hold `$(NAME)`. */
export function resolveVariables(
  context: BuildContext,
  drafts: readonly Draft[],
  variables: readonly Variable[],
  specs: readonly FieldSpec[],
): readonly Draft[] {
  if (variables.length === 0) return drafts;
  const values = new Map<string, Value>();
  for (const variable of variables) {
    const value = findValue(context, drafts, variable);
    if (value === undefined) return drafts;
    values.set(variable.name, { value, entry: variable.entry });
  }
  return drafts.map((draft) =>
    specs.reduce((current, spec) => fill(context, current, spec, values), draft),
  );
}

interface Value {
  readonly value: Located;
  readonly entry: LocatedMap;
}

function findValue(
  context: BuildContext,
  drafts: readonly Draft[],
  { name, entry, fieldPath }: Variable,
): Located | undefined {
  const draft = drafts.find(({ notes }) => notes.variables.includes(name));
  if (draft === undefined) {
    const message = `The variable ${name} refers to an object that is not here.`;
    failUnlessIncomplete(context, 'bad-variable', message, entry);
    return undefined;
  }
  const found = lookup(draft.root, splitIndexes(splitFieldPath(fieldPath)));
  if (found === undefined || found instanceof FieldFault) {
    const message = `The variable ${name} refers to ${fieldPath}, which ${wordId(draft.id)} does not have.`;
    fail(context, 'bad-variable', message, entry.get('fieldref') ?? entry);
    return undefined;
  }
  return found;
}

/** `containers[0]` is two steps. */
function splitIndexes(steps: readonly string[]): string[] {
  return steps.flatMap((step) => {
    const match = /^(.*)\[(\d+)\]$/.exec(step);
    if (match === null) return [step];
    const [, name = '', index = ''] = match;
    return name === '' ? [index] : [name, index];
  });
}

function fill(
  context: BuildContext,
  draft: Draft,
  spec: FieldSpec,
  values: ReadonlyMap<string, Value>,
): Draft {
  const overwritten: Overwritten = new Map();
  let culprit: Site = draft.site;
  const expandText = (node: Located): Located | FieldFault => {
    if (!(node instanceof LocatedScalar) || typeof node.value !== 'string') return node;
    const expanded = expand(node, values);
    if (expanded instanceof FieldFault) return expanded;
    noteOverwritten(overwritten, node, expanded);
    return expanded;
  };
  const set: FieldSetting['set'] = (node) => {
    if (isMissingOrNull(node)) return node;
    if (node.kind === 'scalar') return expandText(node);
    const other = node.kind === 'list' ? node.items.find((item) => !isText(item)) : undefined;
    if (other !== undefined) {
      culprit = other;
      return new FieldFault('its list holds something else than texts');
    }
    let fault: FieldFault | undefined;
    const rebuilt = rebuild(node, (child) => {
      const expanded = expandText(child);
      if (!(expanded instanceof FieldFault)) return expanded;
      fault = expanded;
      return child;
    });
    return fault ?? rebuilt;
  };
  const root = setFields(
    draft.root,
    { ...spec, create: false },
    { set, writer: writerAt(draft.root, BY) },
  );
  if (root instanceof FieldFault) {
    const message = `Variables in ${spec.path} of ${wordId(draft.id)} cannot be replaced: ${root.reason}.`;
    fail(context, 'bad-variable', message, culprit);
    return draft;
  }
  return withRoot(draft, followShared(root, overwritten), context.schemas);
}

const BY = 'vars';

/** A timestamp in a file is none, unless it is in quotes. */
function isText(node: Located): boolean {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return false;
  const written = node.source.text.slice(node.start, node.end);
  const isAsWritten = node.trace === undefined && written === textOf(node);
  return !(
    isAsWritten &&
    isTimestamp(written) &&
    resolvePlain(written, 'go-yaml-v3') === node.value
  );
}

const REFERENCE = /\$(?:\$|\(([^)]*)\))/g;

/** The text with its variables replaced; a text that is one variable takes its type. */
function expand(
  node: LocatedScalar,
  values: ReadonlyMap<string, Value>,
): LocatedScalar | FieldFault {
  const text = textOf(node);
  if (!text.includes('$')) return node;
  let length = text.length;
  for (const [, name = ''] of text.matchAll(REFERENCE)) {
    const found = values.get(name)?.value;
    if (found?.kind === 'scalar') length += textOf(found).length;
  }
  if (length > MAX_VALUE_LENGTH) return new FieldFault('the value becomes too long');
  let first: Value | undefined;
  const expanded = text.replace(REFERENCE, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    const found = values.get(name);
    if (found?.value.kind !== 'scalar') return whole;
    first ??= found;
    return inText(found.value);
  });
  if (expanded === text) return node;
  const writer = writerAt(first?.entry ?? node, BY);
  const isWhole = /^\$\([^)]*\)$/.test(text);
  const value = isWhole && first?.value instanceof LocatedScalar ? typed(first.value) : expanded;
  return new LocatedScalar(value, writer, { by: BY, before: node });
}

/** Booleans and numbers keep their type; null and timestamps become texts. */
function typed(scalar: LocatedScalar): ScalarValue {
  return typeof scalar.value === 'string' || scalar.value === null ? textOf(scalar) : scalar.value;
}

function inText(scalar: LocatedScalar): string {
  const { value } = scalar;
  if (typeof value !== 'number' || Number.isInteger(value)) return textOf(scalar);
  const plain = goJsonNumber(value);
  return plain.includes('e') ? goFloat(value) : plain;
}
