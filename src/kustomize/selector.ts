import type { LocatedMap } from '../model/located.ts';
import { type BuildContext, fail } from './context.ts';
import { type Draft, originalId } from './draft.ts';
import { type LabelSelector, parseLabelSelector } from './label-selector.ts';
import { compileAnchored, type Pattern } from './pattern.ts';
import type { Gvk, ResourceId } from './resource-id.ts';
import { textOf } from './scalar.ts';

/** Which objects a `target` or `select` means; its parts are patterns for the whole of a text. */
export interface Selector {
  readonly group: Pattern;
  readonly version: Pattern;
  readonly kind: Pattern;
  readonly name: Pattern;
  readonly namespace: Pattern;
  readonly labels: LabelSelector;
  readonly annotations: LabelSelector;
  /** Whether no part of an id is asked for. */
  readonly isWithoutId: boolean;
  /** Whether neither labels nor annotations are asked for. */
  readonly isWithoutLabels: boolean;
}

const ID_PARTS = ['group', 'version', 'kind', 'name', 'namespace'] as const;

/** Compiles a selector, reporting what in it is no pattern or selector. */
export function compileSelector(context: BuildContext, node: LocatedMap): Selector | undefined {
  const patterns: Partial<Record<(typeof ID_PARTS)[number], Pattern>> = {};
  let isValid = true;
  for (const part of ID_PARTS) {
    const pattern = compileAnchored(node.text(part) ?? '');
    if (pattern) patterns[part] = pattern;
    else {
      isValid = false;
      const text = JSON.stringify(node.text(part)?.slice(0, 100));
      const message = `The ${part} ${text} is no valid regular expression.`;
      fail(context, 'bad-pattern', message, node.get(part) ?? node);
    }
  }
  const labels = compileLabels(context, node, 'labelSelector');
  const annotations = compileLabels(context, node, 'annotationSelector');
  const { group, version, kind, name, namespace } = patterns;
  if (!isValid || !labels || !annotations) return undefined;
  if (!group || !version || !kind || !name || !namespace) return undefined;
  const isEmpty = (field: string): boolean => (node.text(field) ?? '') === '';
  return {
    ...{ group, version, kind, name, namespace, labels, annotations },
    isWithoutId: ID_PARTS.every(isEmpty),
    isWithoutLabels: isEmpty('labelSelector') && isEmpty('annotationSelector'),
  };
}

function compileLabels(
  context: BuildContext,
  node: LocatedMap,
  field: 'labelSelector' | 'annotationSelector',
): LabelSelector | undefined {
  const text = node.text(field) ?? '';
  const selector = parseLabelSelector(text);
  if (selector === undefined) {
    const message = `The ${field} ${JSON.stringify(text)} is no valid selector.`;
    fail(context, 'bad-selector', message, node.get(field) ?? node);
  }
  return selector;
}

export function matchesGvk(selector: Selector, { group, version, kind }: Gvk): boolean {
  return selector.group(group) && selector.version(version) && selector.kind(kind);
}

/** Labels and annotations as they are now. */
export function matchesLabels(selector: Selector, root: LocatedMap): boolean {
  if (selector.isWithoutLabels) return true;
  return (
    selector.labels(metaTexts(root, 'labels')) &&
    selector.annotations(metaTexts(root, 'annotations'))
  );
}

/** Whether a patch's target means an object: by its first or its present name and namespace. */
export function selects(selector: Selector, draft: Draft): boolean {
  const original: ResourceId = originalId(draft);
  const { id, root } = draft;
  return (
    (selector.namespace(original.effectiveNamespace) ||
      selector.namespace(id.effectiveNamespace)) &&
    (selector.name(original.name) || selector.name(id.name)) &&
    matchesGvk(selector, id) &&
    matchesLabels(selector, root)
  );
}

/** The texts of `metadata.labels` or `metadata.annotations`. */
export function metaTexts(
  root: LocatedMap,
  field: 'labels' | 'annotations',
): ReadonlyMap<string, string> {
  const map = root.map('metadata')?.map(field);
  return new Map(map?.entries.map(({ key, value }) => [key, textOf(value)]));
}
