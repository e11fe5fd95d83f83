import { type Located, type LocatedMap, LocatedScalar, Unknown } from '../../model/located.ts';
import { type Site, SourceText } from '../../model/source.ts';
import { jsonAsYaml } from '../../yaml/json-as-yaml.ts';
import { readAsGo } from '../../yaml/read-as-go.ts';
import { asResource } from './as-resource.ts';
import { expand, type Expansion } from './expand.ts';
import { TemplateFailure } from './failure.ts';
import { isInert } from './inert.ts';
import { Marks } from './marks.ts';
import { optsOut } from './opt-out.ts';
import { Origins, type PrintedObject, printObject, siteAt } from './origins.ts';
import { Rebuilder } from './rebuild.ts';
import { substituteSimply } from './simple.ts';
import { NAME_RULE, validName, type Variables } from './variables.ts';

export interface SubstitutionOptions {
  /** Whether a variable without value or default fails (Flux from 2.9 on), or is empty. */
  readonly strict: boolean;
  /** Whether to substitute without any variable too (`substituteStrategy: Always`). */
  readonly always: boolean;
}

export type Substituted =
  | { readonly object: LocatedMap }
  | {
      /** In Flux's words, to be put after `post build failed for 'NAME': `. */
      readonly error: string;
      /** The field that is to blame, where one is. */
      readonly site?: Site;
    }
  /** Nothing is known of the object: a key at its top is not, or whether it opts out. */
  | { readonly unknown: Unknown };

/**
 * Post-build substitution of one object as Flux 2.9 does it (fluxcd/pkg
 * `kustomize/kustomize_varsub.go`): the object is printed, the variables in the whole text are
 * replaced, keys too, and the text is read again as YAML 1.1, which may change types.
 *
 * What did not change comes out as the very node it was, an object without change as itself. A
 * changed value keeps the place of its field; its trace leads to the definitions of the variables.
 * A value that depends on an unknown variable becomes an `Unknown` that names it; a key that does
 * makes its map one. Never throws on what an object or a variable may hold.
 */
export function substitute(
  object: LocatedMap,
  variables: Variables,
  options: SubstitutionOptions,
): Substituted {
  const printable = jsonAsYaml(object);
  if ('message' in printable) return { error: printable.message };
  const hasVariables = variables.named.size > 0 || variables.others !== undefined;
  const isOut = optsOut(object);
  if (isOut === true || !(hasVariables || options.always)) return { object };
  const badName = [...variables.named.keys()].find((name) => !validName(name));
  if (badName !== undefined) return { error: badNameError(badName) };
  if (isInert(object)) return { object };
  if (isOut instanceof Unknown) return { unknown: isOut };
  const simple = printable.root === object ? substituteSimply(object, variables) : undefined;
  if (simple?.kind === 'map') return { object: simple };
  return substituteText(printable.root, variables, options.strict);
}

function badNameError(name: string): string {
  return `envsubst error: '${name}' var name is invalid, must match '${NAME_RULE}'`;
}

function substituteText(printable: Located, variables: Variables, isStrict: boolean): Substituted {
  const marks = new Marks();
  const printed = printObject(printable, marks);
  const expansion = tryExpand(printed, variables, isStrict, marks);
  if ('error' in expansion) return expansion;
  const origins = new Origins(printed, expansion);
  const reading = readAgain(expansion, printable);
  if ('message' in reading) {
    const site = siteAt(printed, origins.offsetOf(reading.offset));
    const error = `envsubst error: YAMLToJSON: ${marks.restore(reading.message)}`;
    return { error, ...(site && { site }) };
  }
  const resource = asResource(reading.root);
  if ('message' in resource) return { error: resource.message };
  const object = new Rebuilder(origins, variables, marks).rebuild(resource.root, printable);
  return object.kind === 'map' ? { object } : { unknown: unknownOf(object) };
}

function tryExpand(
  printed: PrintedObject,
  variables: Variables,
  isStrict: boolean,
  marks: Marks,
): Expansion | { readonly error: string; readonly site?: Site } {
  try {
    return expand(printed.text, variables, isStrict, marks);
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    const site = siteAt(printed, error.offset);
    return { error: wordFailure(error), ...(site && { site }) };
  }
}

/** A panic is worded as controllers report it when they have caught it. */
function wordFailure({ code, message }: TemplateFailure): string {
  switch (code) {
    case 'refused':
      return `envsubst error: variable substitution failed: ${message}`;
    case 'panic':
      return `panic: runtime error: ${message}`;
    case 'limit':
      return `substitution stopped before its end: ${message}`;
  }
}

/** The text as sigs.k8s.io/yaml reads it: its first document, null when there is none. */
function readAgain(
  { text, broken }: Expansion,
  printable: Located,
): { readonly root: Located } | { readonly message: string; readonly offset: number } {
  if (broken !== undefined) return broken;
  const reading = readAsGo(new SourceText(printable.source.path, text));
  if ('message' in reading) return reading;
  return { root: reading.root ?? new LocatedScalar(null, printable) };
}

function unknownOf(root: Located): Unknown {
  if (root.kind === 'scalar' && root.value instanceof Unknown) return root.value;
  throw new TypeError('An object came out of substitution as neither a map nor unknown.');
}
