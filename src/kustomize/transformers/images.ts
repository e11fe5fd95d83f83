import type { Located, LocatedMap } from '../../model/located.ts';
import type { FieldSpec } from '../config/transformer-config.ts';
import { type BuildContext, charge, fail } from '../context.ts';
import { type Draft, withRoot } from '../draft.ts';
import { FieldFault } from '../fields.ts';
import { compilePattern } from '../pattern.ts';
import { entryWith, rebuild } from '../rebuild.ts';
import { isMissingOrNull, textOf, writeInStyle } from '../scalar.ts';
import { setDraftFields, type Transformer, writerAt } from '../transform.ts';

/** Fields whose items hold an image, wherever they stand in an object. */
const CONTAINER_LISTS = new Set(['containers', 'initContainers']);

/**
 * Changes names, tags and digests of the images that an entry of `images` means: in every list of
 * containers, and in the fields of the specs (api `filters/imagetag`).
 */
export function imagesTransformer(
  context: BuildContext,
  image: LocatedMap,
  specs: readonly FieldSpec[],
): Transformer {
  const name = image.text('name') ?? '';
  const isMeant = compilePattern(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
  if (isMeant === undefined) {
    const message = `The image name ${JSON.stringify(name)} is no valid regular expression.`;
    fail(context, 'bad-pattern', message, image.get('name') ?? image);
    return (drafts) => drafts;
  }
  const writer = writerAt(mainEntry(image), 'images');

  const set = (node: Located): Located | FieldFault => {
    if (isMissingOrNull(node)) return node;
    if (node.kind !== 'scalar') return new FieldFault('it is no plain value');
    const text = textOf(node);
    const changed = isMeant(text) ? newImage(text, image) : text;
    return changed === text ? node : writeInStyle(changed, writer, node);
  };

  /** Sets the images of the lists of containers at any depth; faults are reported by the caller. */
  function walk(node: Located): Located | FieldFault {
    let fault: FieldFault | undefined;
    const guard = (
      child: Located,
      changeChild: (node: Located) => Located | FieldFault,
    ): Located => {
      const changed = changeChild(child);
      if (!(changed instanceof FieldFault)) return changed;
      fault ??= changed;
      return child;
    };
    if (node.kind === 'scalar') return node;
    let walked = rebuild(node, (child) => guard(child, walk));
    if (walked.kind === 'map') {
      for (const { key, value } of walked.entries) {
        if (!CONTAINER_LISTS.has(key) || value.kind !== 'list') continue;
        walked = setEntry(
          walked,
          key,
          rebuild(value, (item) => guard(item, setItem)),
        );
      }
    }
    return fault ?? walked;
  }

  function setItem(item: Located): Located | FieldFault {
    if (isMissingOrNull(item)) return item;
    if (item.kind !== 'map') return new FieldFault('a container is no map');
    const present = item.get('image');
    if (present === undefined) return item;
    const changed = set(present);
    if (changed instanceof FieldFault) return changed;
    return setEntry(item, 'image', changed);
  }

  return (drafts) =>
    drafts.map((draft): Draft => {
      if (draft.id.kind === 'CustomResourceDefinition') return draft;
      const isPlain = !holdsContainers(draft.root);
      if (!charge(context, isPlain ? 1 : draft.size, writer)) return draft;
      const walked = isPlain ? draft.root : walk(draft.root);
      if (walked instanceof FieldFault) {
        fail(context, 'bad-field', `images cannot be set: ${walked.reason}.`, writer);
        return draft;
      }
      const changed = withRoot(draft, walked as LocatedMap, context.schemas);
      return setDraftFields(context, changed, specs, { set, writer });
    });
}

const known = new WeakMap<Located, boolean>();

/** Whether there is a list of containers at any depth; asked for every entry of `images`. */
function holdsContainers(node: Located): boolean {
  if (node.kind === 'scalar') return false;
  let holds = known.get(node);
  if (holds === undefined) {
    holds =
      node.kind === 'list'
        ? node.items.some(holdsContainers)
        : node.entries.some(({ key, value }) => CONTAINER_LISTS.has(key) || holdsContainers(value));
    known.set(node, holds);
  }
  return holds;
}

/** By name: an alias puts the very node into other fields, too, and these keep their value. */
function setEntry(map: LocatedMap, key: string, value: Located): LocatedMap {
  if (map.get(key) === value) return map;
  return map.withEntries(
    map.entries.map((entry) => (entry.key === key ? entryWith(entry, value) : entry)),
  );
}

/** The part of an entry that explains the new image best. */
function mainEntry(image: LocatedMap): Located {
  for (const field of ['newTag', 'digest', 'newName', 'tagSuffix']) {
    const value = image.get(field);
    if (value && textOf(value) !== '') return value;
  }
  return image;
}

/** A new tag or digest replaces both; a suffix takes the digest away. */
function newImage(text: string, image: LocatedMap): string {
  let { name, tag, digest } = splitImage(text);
  const newTag = image.text('newTag') ?? '';
  const newDigest = image.text('digest') ?? '';
  const suffix = image.text('tagSuffix') ?? '';
  name = (image.text('newName') ?? '') || name;
  if (newTag !== '' || newDigest !== '') {
    tag = newTag;
    digest = newDigest;
  } else if (suffix !== '') {
    tag += suffix;
    digest = '';
  }
  return name + (tag && `:${tag}`) + (digest && `@${digest}`);
}

/** A colon in the part before the first slash belongs to a registry's port. */
function splitImage(text: string): { name: string; tag: string; digest: string } {
  const from = Math.max(0, text.indexOf('/'));
  const at = text.indexOf('@', from);
  const colon = text.indexOf(':', from);
  if (at === -1 && colon === -1) return { name: text, tag: '', digest: '' };
  if (at !== -1 && (colon === -1 || at < colon)) {
    return { name: text.slice(0, at), tag: '', digest: text.slice(at + 1) };
  }
  if (at === -1) return { name: text.slice(0, colon), tag: text.slice(colon + 1), digest: '' };
  return {
    name: text.slice(0, colon),
    tag: text.slice(colon + 1, at),
    digest: text.slice(at + 1),
  };
}
