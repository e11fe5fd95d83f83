import { type Located, LocatedList, LocatedMap, LocatedScalar } from '../model/located.ts';
import type { FieldSpec, NameReference, TransformerConfig } from './config/transformer-config.ts';
import { type BuildContext, fail } from './context.ts';
import { type Draft, originalId, withRoot } from './draft.ts';
import { FieldFault, mapItems, replaceField, setFields } from './fields.ts';
import { type Gvk, isClusterScoped, isSelected, NO_NAMESPACE, wordId } from './resource-id.ts';
import { isMissingOrNull, textOf, write, writeInStyle } from './scalar.ts';
import { writerAt } from './transform.ts';

/** A field of an object that may hold the name of another one. */
interface Reference {
  readonly spec: FieldSpec;
  readonly target: NameReference;
}

/**
 * Writes the new names of renamed objects into all fields that refer to them (api
 * `filters/nameref`). Only objects that have had another id can be meant.
 */
export function fixNameReferences(
  context: BuildContext,
  drafts: readonly Draft[],
  config: TransformerConfig,
): readonly Draft[] {
  for (const draft of drafts) checkSubjects(context, draft);
  const renamed = drafts.filter(({ notes }) => notes.previous.length > 0);
  if (renamed.length === 0) return drafts;
  const byOldName = indexByOldName(renamed);
  const kinds = new Set(renamed.flatMap(({ notes }) => notes.previous.map(({ kind }) => kind)));
  const byOldNamespace = indexByOldNamespace(drafts);
  const referencesOf = indexReferences(config);
  return drafts.map((draft) => {
    let changed = draft;
    const original = originalId(draft);
    const candidates = new Candidates(draft, byOldName, byOldNamespace);
    for (const reference of referencesOf(original.kind)) {
      const { spec, target } = reference;
      if (!isSelected(original, spec) || (target.kind !== '' && !kinds.has(target.kind))) continue;
      changed = fixField(context, changed, reference, candidates);
    }
    return changed;
  });
}

function indexByOldNamespace(drafts: readonly Draft[]): Map<string, Draft[]> {
  const byNamespace = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const { effectiveNamespace } = originalId(draft);
    const known = byNamespace.get(effectiveNamespace);
    if (known) known.push(draft);
    else byNamespace.set(effectiveNamespace, [draft]);
  }
  return byNamespace;
}

function indexByOldName(drafts: readonly Draft[]): Map<string, Draft[]> {
  const byName = new Map<string, Draft[]>();
  for (const draft of drafts) {
    for (const name of new Set(draft.notes.previous.map((previous) => previous.name))) {
      const known = byName.get(name);
      if (known) known.push(draft);
      else byName.set(name, [draft]);
    }
  }
  return byName;
}

/** References by the kind of object that holds them, in the order of the configuration. */
function indexReferences(config: TransformerConfig): (kind: string) => readonly Reference[] {
  let byKind = indexes.get(config);
  if (byKind === undefined) {
    byKind = new Map();
    indexes.set(config, byKind);
  }
  const known = byKind;
  return (kind) => {
    let references = known.get(kind);
    if (references === undefined) {
      references = config.nameReference.flatMap((target) =>
        target.referrers
          .filter((spec) => spec.kind === '' || spec.kind === kind)
          .map((spec) => ({ spec, target })),
      );
      known.set(kind, references);
    }
    return references;
  };
}

const indexes = new WeakMap<TransformerConfig, Map<string, readonly Reference[]>>();

/** The objects that one can refer to, by where they live. */
class Candidates {
  readonly #referrer: Draft;
  readonly #byOldName: ReadonlyMap<string, readonly Draft[]>;
  readonly #byOldNamespace: ReadonlyMap<string, readonly Draft[]>;
  readonly #bindingNamespaces: ReadonlySet<string>;

  constructor(
    referrer: Draft,
    byOldName: ReadonlyMap<string, readonly Draft[]>,
    byOldNamespace: ReadonlyMap<string, readonly Draft[]>,
  ) {
    this.#referrer = referrer;
    this.#byOldName = byOldName;
    this.#byOldNamespace = byOldNamespace;
    this.#bindingNamespaces = bindingNamespaces(referrer);
  }

  /** Objects that had a name. */
  named(name: string): readonly Draft[] {
    return (this.#byOldName.get(name) ?? []).filter((candidate) => this.#reaches(candidate));
  }

  /** Those of them whose first namespace is given; where no object's is, whose present one is. */
  namedIn(name: string, namespace: string): readonly Draft[] {
    if (namespace === NO_NAMESPACE) return [];
    const isOld = this.#byOldNamespace.get(namespace)?.some((draft) => this.#reaches(draft));
    return this.named(name).filter((candidate) => {
      const id = isOld ? originalId(candidate) : candidate.id;
      return id.effectiveNamespace === namespace;
    });
  }

  #reaches(candidate: Draft): boolean {
    const { id } = this.#referrer;
    return (
      isClusterScoped(id) ||
      isClusterScoped(candidate.id) ||
      candidate.id.effectiveNamespace === id.effectiveNamespace ||
      this.#bindingNamespaces.has(candidate.id.namespace)
    );
  }
}

/** Namespaces of the service accounts that a role binding names. */
function bindingNamespaces({ root, id }: Draft): ReadonlySet<string> {
  const namespaces = new Set<string>();
  if (id.kind !== 'RoleBinding') return namespaces;
  for (const subject of root.list('subjects')?.items ?? []) {
    if (subject.kind === 'map' && textOf(subject.get('kind')) === 'ServiceAccount') {
      namespaces.add(textOf(subject.get('namespace')));
    }
  }
  return namespaces;
}

/** Kustomize stops at a service account whose namespace is there and no text. */
function checkSubjects(context: BuildContext, { root, id }: Draft): void {
  if (id.kind !== 'RoleBinding' || isClusterScoped(id)) return;
  for (const subject of root.list('subjects')?.items ?? []) {
    if (subject.kind !== 'map') {
      const message = `A subject of ${wordId(id)} is no map with a kind and a name.`;
      fail(context, 'ambiguous-reference', message, subject);
      continue;
    }
    const namespace = subject.get('namespace');
    if (namespace === undefined || textOf(subject.get('kind')) !== 'ServiceAccount') continue;
    if (namespace.kind === 'scalar' && typeof namespace.value === 'string') continue;
    const message = `A service account in ${wordId(id)} has a namespace that is no text: give it one, or remove the field.`;
    fail(context, 'ambiguous-reference', message, namespace);
  }
}

function fixField(
  context: BuildContext,
  draft: Draft,
  reference: Reference,
  candidates: Candidates,
): Draft {
  const { path } = reference.spec;

  const set = (node: Located): Located | FieldFault => {
    if (isMissingOrNull(node)) return node;
    if (node instanceof LocatedScalar) return setName(node);
    if (node instanceof LocatedMap) return setNameIn(node);
    if (!(node instanceof LocatedList)) return node;
    return mapItems(node, (item) =>
      item instanceof LocatedList
        ? new FieldFault('a list stands where a name is expected')
        : set(item),
    );
  };

  function setName(node: LocatedScalar): Located | FieldFault {
    const name = textOf(node);
    const found = candidates.named(name);
    const referral = selectReferral(draft, reference, found, (a, b) => a.id.name === b.id.name);
    if (referral === undefined || referral instanceof FieldFault) return referral ?? node;
    return referral.id.name === name ? node : writeReferral(node, referral, 'name');
  }

  function setNameIn(node: LocatedMap): Located | FieldFault {
    const nameNode = node.get('name');
    if (nameNode?.kind !== 'scalar') return new FieldFault('the map has no name');
    const name = textOf(nameNode);
    const namespace = node.get('namespace');
    const found = namespace ? candidates.namedIn(name, textOf(namespace)) : candidates.named(name);
    const isSame = (a: Draft, b: Draft): boolean =>
      a.id.name === b.id.name && a.id.namespace === b.id.namespace;
    const referral = selectReferral(draft, reference, found, isSame);
    if (referral === undefined || referral instanceof FieldFault) return referral ?? node;
    const { id } = referral;
    const renamed =
      id.name === name
        ? node
        : replaceField(node, 'name', writeReferral(nameNode, referral, 'name'));
    if (id.namespace === '' || textOf(namespace) === id.namespace) return renamed;
    return replaceField(renamed, 'namespace', writeReferral(namespace, referral, 'namespace'));
  }

  const { group, version, kind } = draft.id;
  const spec: FieldSpec = { path, group, version, kind, create: false };
  const root = setFields(draft.root, spec, { set, writer: writerAt(draft.root, BY) });
  if (!(root instanceof FieldFault)) return withRoot(draft, root, context.schemas);
  const message = `The reference in ${path} of ${wordId(draft.id)} cannot be followed: ${root.reason}.`;
  fail(context, 'ambiguous-reference', message, draft.site);
  return draft;
}

const BY = 'nameReference';

/** The name at the place where the object got it. */
function writeReferral(
  node: Located | undefined,
  referral: Draft,
  field: 'name' | 'namespace',
): LocatedScalar {
  const source = referral.root.map('metadata')?.get(field) ?? referral.root;
  const writer = writerAt(source, BY);
  const text = referral.id[field];
  return node instanceof LocatedScalar ? writeInStyle(text, writer, node) : write(text, writer);
}

/** The one object that a name means; undefined when none does. */
function selectReferral(
  referrer: Draft,
  { spec, target }: Reference,
  candidates: readonly Draft[],
  isSame: (a: Draft, b: Draft) => boolean,
): Draft | FieldFault | undefined {
  const roleKind = spec.path.endsWith('roleRef/name') ? roleRefKind(referrer.root) : undefined;
  let left = candidates.filter(
    (candidate) =>
      hadKind(candidate, target) &&
      (roleKind === undefined || hadKind(candidate, roleKind)) &&
      sharesNamespace(referrer, candidate),
  );
  if (left.length === 1) return left[0];
  left = left.filter((candidate) => hasSameAffixes(referrer, candidate, true));
  if (left.length > 1)
    left = left.filter((candidate) => hasSameAffixes(referrer, candidate, false));
  const [first, ...more] = left;
  if (first === undefined || more.every((candidate) => isSame(candidate, first))) return first;
  const names = left.map(({ id }) => wordId(id)).join(', ');
  return new FieldFault(`it may mean any of ${names}`);
}

function hadKind({ id, notes }: Draft, selector: Gvk): boolean {
  return notes.previous.some(({ kind }) => isSelected({ ...id, kind }, selector));
}

function roleRefKind(root: LocatedMap): Gvk | undefined {
  const roleRef = root.map('roleRef');
  const group = roleRef?.get('apiGroup');
  const kind = roleRef?.get('kind');
  return group && kind && { group: textOf(group), version: '', kind: textOf(kind) };
}

/** Service accounts can be named from other namespaces. */
function sharesNamespace(referrer: Draft, candidate: Draft): boolean {
  return (
    isClusterScoped(referrer.id) ||
    isClusterScoped(candidate.id) ||
    candidate.id.kind === 'ServiceAccount' ||
    candidate.id.effectiveNamespace === referrer.id.effectiveNamespace
  );
}

/** Whether two objects were renamed in the same contexts. */
function hasSameAffixes(a: Draft, b: Draft, allowEmpty: boolean): boolean {
  const isEqual = (left: readonly string[], right: readonly string[]): boolean =>
    (allowEmpty && (left.length === 0 || right.length === 0)) || hasSameEnd(left, right);
  return isEqual(a.notes.prefixes, b.notes.prefixes) && isEqual(a.notes.suffixes, b.notes.suffixes);
}

function hasSameEnd(a: readonly string[], b: readonly string[]): boolean {
  const [shorter, longer] = a.length > b.length ? [b, a] : [a, b];
  if (shorter.length === 0) return longer.length === 0;
  const offset = longer.length - shorter.length;
  return shorter.every((text, at) => longer[offset + at] === text);
}
