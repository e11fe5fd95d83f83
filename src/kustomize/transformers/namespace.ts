import { type Located, type LocatedMap, LocatedScalar } from '../../model/located.ts';
import type { FieldSpec } from '../config/transformer-config.ts';
import { type BuildContext, fail } from '../context.ts';
import { type Draft, storePreviousId, withRoot } from '../draft.ts';
import { FieldFault, type FieldSetting, mapItems, replaceField } from '../fields.ts';
import { isClusterScoped, keyOfId, wordId } from '../resource-id.ts';
import { isMissingOrNull, textOf, write, type Writer } from '../scalar.ts';
import { setDraftFields, type Transformer, writerAt } from '../transform.ts';

/** Which subjects of role bindings move to the namespace. */
export type SubjectMode = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceOptions {
  readonly namespace: LocatedScalar;
  readonly specs: readonly FieldSpec[];
  /** Whether a namespace that is there stays. */
  readonly unsetOnly: boolean;
  readonly subjects: SubjectMode;
}

/**
 * Puts every object into a namespace: `metadata.namespace` of those that live in one, and the
 * fields of the specs (api `filters/namespace`).
 */
export function namespaceTransformer(
  context: BuildContext,
  options: NamespaceOptions,
): Transformer {
  const writer = writerAt(options.namespace, 'namespace');
  const namespace = textOf(options.namespace);
  const set = (node: Located): Located | FieldFault => {
    if (node.kind !== 'scalar') return new FieldFault('it is no plain value');
    if (options.unsetOnly && node.value !== null && textOf(node) !== '') return node;
    return write(namespace, writer, node);
  };
  const setting: FieldSetting = { set, create: 'scalar', writer };

  function move(draft: Draft): Draft {
    const moved = storePreviousId(draft);
    const specs = options.specs.filter(
      ({ path, kind }) =>
        path !== 'metadata/namespace' &&
        (path !== 'metadata/name' || textOf(draft.root.get('apiVersion')) === 'v1') &&
        !(isBinding(kind) && path === 'subjects/namespace'),
    );
    const withSubjects = withRoot(moved, moveSubjects(moved.root), context.schemas);
    return setDraftFields(
      context,
      withSubjects,
      isClusterScoped(draft.id) ? specs : [META_NAMESPACE, ...specs],
      setting,
    );
  }

  function moveSubjects(root: LocatedMap): LocatedMap {
    const subjects = root.get('subjects');
    if (!isBinding(textOf(root.get('kind'))) || subjects?.kind !== 'list') return root;
    const changed = mapItems(subjects, (subject) =>
      subject.kind === 'map' && isMoved(subject, options.subjects)
        ? setSubject(subject, set, writer)
        : subject,
    );
    return changed instanceof FieldFault ? root : replaceField(root, 'subjects', changed);
  }

  return (drafts) => {
    if (namespace === '') return drafts;
    const counts = new Map<string, number>();
    for (const { id } of drafts) count(counts, keyOfId(id), 1);
    return drafts.map((draft) => {
      const moved = move(draft);
      count(counts, keyOfId(draft.id), -1);
      if (count(counts, keyOfId(moved.id), 1) !== 1) {
        const message = `The namespace ${namespace} would hold ${wordId(moved.id)} twice.`;
        fail(context, 'duplicate-resource', message, options.namespace);
      }
      return moved;
    });
  };
}

const META_NAMESPACE: FieldSpec = {
  ...{ group: '', version: '', kind: '' },
  path: 'metadata/namespace',
  create: true,
};

function isBinding(kind: string): boolean {
  return kind === 'RoleBinding' || kind === 'ClusterRoleBinding';
}

function isMoved(subject: LocatedMap, mode: SubjectMode): boolean {
  if (mode === 'none') return false;
  return mode === 'allServiceAccounts'
    ? textOf(subject.get('kind')) === 'ServiceAccount'
    : textOf(subject.get('name')) === 'default';
}

function setSubject(
  subject: LocatedMap,
  set: FieldSetting['set'],
  writer: Writer,
): LocatedMap | FieldFault {
  const present = subject.get('namespace');
  const changed = set(
    present && !isMissingOrNull(present) ? present : new LocatedScalar('', writer),
  );
  if (changed instanceof FieldFault) return changed;
  return changed === present ? subject : replaceField(subject, 'namespace', changed);
}

function count(counts: Map<string, number>, key: string, change: number): number {
  const now = (counts.get(key) ?? 0) + change;
  counts.set(key, now);
  return now;
}
