import type { LocatedMap } from '../model/located.ts';
import type { Site } from '../model/source.ts';
import type { FieldSpec } from './config/transformer-config.ts';
import { type BuildContext, fail } from './context.ts';
import { type Draft, withRoot } from './draft.ts';
import { FieldFault, type FieldSetting, setFields } from './fields.ts';
import { wordId } from './resource-id.ts';
import type { Writer } from './scalar.ts';

/** Changes the objects of a build; what does not change keeps its identity. */
export type Transformer = (drafts: readonly Draft[]) => readonly Draft[];

/** The writer for an entry of a kustomization. */
export function writerAt(site: Site, by: string): Writer {
  return { by, source: site.source, start: site.start, end: site.end };
}

/** The draft with the fields of several specs set; a field that cannot be set is reported. */
export function setDraftFields(
  context: BuildContext,
  draft: Draft,
  specs: readonly FieldSpec[],
  setting: FieldSetting,
): Draft {
  let root: LocatedMap = draft.root;
  for (const spec of specs) {
    const result = setFields(root, spec, setting);
    if (result instanceof FieldFault) {
      const { writer } = setting;
      const message = `${writer.by} cannot set ${spec.path} of ${wordId(draft.id)}: ${result.reason}.`;
      fail(context, 'bad-field', message, writer);
      return draft;
    }
    root = result;
  }
  return withRoot(draft, root, context.schemas);
}
