import type { ClusterObject } from '../../flux/cluster.ts';
import { type Located, toPlain } from '../../model/located.ts';
import { plainJson } from '../../model/plain-json.ts';

/** How a changed policy looks at fewer objects than before, for the end of a sentence. */
export function narrowedScope(was: ClusterObject, is: ClusterObject): string | undefined {
  const [old, now] = [scopeOf(was), scopeOf(is)];
  const isNew = (field: string) => {
    const known = old.values(field);
    return now.values(field).some((each) => !known.includes(each));
  };
  if (isNew('exclude')) return 'newly leaves objects out (exclude)';
  if (isNew('validationFailureActionOverrides')) {
    return 'newly has another action in some namespaces (validationFailureActionOverrides)';
  }
  for (const field of ['preconditions', 'celPreconditions']) {
    if (isNew(field)) return `looks only at what new conditions let through (${field})`;
  }
  const lost = now.kinds.has('*') ? [] : [...old.kinds].filter((kind) => !now.kinds.has(kind));
  return lost.length > 0 ? `no longer looks at ${lost.slice(0, 3).join(', ')}` : undefined;
}

interface Scope {
  readonly values: (field: string) => readonly string[];
  readonly kinds: ReadonlySet<string>;
}

/** Of the rules that verify images; other rules of the policy are not asked. */
function scopeOf({ resource: { root } }: ClusterObject): Scope {
  const spec = root.map('spec');
  const rules = spec?.get('rules');
  const verifying = (rules?.kind === 'list' ? rules.items : []).filter(
    (rule) => rule.kind === 'map' && rule.get('verifyImages') !== undefined,
  );
  const of = (holder: Located | undefined, field: string) =>
    holder?.kind === 'map' ? holder.get(field) : undefined;
  const values = (field: string) =>
    [spec, ...verifying]
      .flatMap((holder) => entriesOf(of(holder, field)))
      .map((entry) => plainJson(toPlain(entry)));
  const kinds = new Set<string>();
  for (const rule of verifying) collectKinds(of(rule, 'match'), kinds);
  return { values, kinds };
}

/** Each entry by itself, so that one that is taken out is no news. */
function entriesOf(node: Located | undefined): readonly Located[] {
  if (node === undefined || node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items;
  return node.entries.flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]));
}

function collectKinds(node: Located | undefined, into: Set<string>): void {
  if (node?.kind === 'list') for (const item of node.items) collectKinds(item, into);
  if (node?.kind !== 'map') return;
  for (const { key, value } of node.entries) {
    if (key !== 'kinds' || value.kind !== 'list') collectKinds(value, into);
    else for (const kind of value.items) into.add(nameOfKind(kind));
  }
}

/** `Pod` of `v1/Pod` and of `Pod`. */
function nameOfKind(node: Located): string {
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
  return text.split('/').find((part) => /^[A-Z*]/.test(part)) ?? text;
}
