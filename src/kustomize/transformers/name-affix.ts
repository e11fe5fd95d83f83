import type { LocatedScalar } from '../../model/located.ts';
import type { FieldSpec } from '../config/transformer-config.ts';
import type { BuildContext } from '../context.ts';
import { type Draft, originalId, storePreviousId } from '../draft.ts';
import { FieldFault, type FieldSetting } from '../fields.ts';
import { type Gvk, isSelected } from '../resource-id.ts';
import { textOf, writeInStyle } from '../scalar.ts';
import { setDraftFields, type Transformer, writerAt } from '../transform.ts';

/** Objects whose names are never changed. */
const SKIPPED: readonly Gvk[] = [
  { group: '', version: '', kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', version: '', kind: 'APIService' },
  { group: '', version: '', kind: 'Namespace' },
];

/** Far beyond any name that the API server takes: a chain of bases may not pile up more. */
const MAX_NAME_LENGTH = 100_000;

/**
 * Puts a text before or after the names of objects (api `PrefixTransformer`, `SuffixTransformer`).
 * An empty one changes nothing but is noted, since name references tell contexts apart by it.
 */
export function nameAffixTransformer(
  context: BuildContext,
  side: 'namePrefix' | 'nameSuffix',
  affix: LocatedScalar,
  specs: readonly FieldSpec[],
): Transformer {
  const text = textOf(affix);
  const writer = writerAt(affix, side);
  const setting: FieldSetting = {
    set: (node) => {
      if (node.kind !== 'scalar') return new FieldFault('it is no plain value');
      const name = textOf(node);
      if (name.length + text.length > MAX_NAME_LENGTH) return new FieldFault('it becomes too long');
      return writeInStyle(side === 'namePrefix' ? text + name : name + text, writer, node);
    },
    create: 'scalar',
    writer,
  };

  function rename(draft: Draft): Draft {
    const id = originalId(draft);
    if (SKIPPED.some((skipped) => isSelected(id, skipped))) return draft;
    let renamed = draft;
    for (const spec of specs) {
      if (!isSelected(id, spec)) continue;
      if (spec.path === 'metadata/name' && text !== '') {
        renamed = storePreviousId(noteAffix(renamed, side, text));
      }
      renamed = setDraftFields(context, renamed, [spec], setting);
    }
    return renamed;
  }

  return (drafts) => (text === '' ? drafts : drafts.map(rename));
}

function noteAffix(draft: Draft, side: 'namePrefix' | 'nameSuffix', text: string): Draft {
  const { notes } = draft;
  return {
    ...draft,
    notes:
      side === 'namePrefix'
        ? { ...notes, prefixes: [...notes.prefixes, text] }
        : { ...notes, suffixes: [...notes.suffixes, text] },
  };
}
