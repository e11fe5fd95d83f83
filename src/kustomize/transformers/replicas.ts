import type { Located, LocatedMap } from '../../model/located.ts';
import type { FieldSpec } from '../config/transformer-config.ts';
import type { BuildContext } from '../context.ts';
import { allIds, type Draft } from '../draft.ts';
import { FieldFault } from '../fields.ts';
import { isSelected } from '../resource-id.ts';
import { takeStyle, write } from '../scalar.ts';
import { setDraftFields, type Transformer, writerAt } from '../transform.ts';
import { failUnlessIncomplete } from '../incomplete.ts';

/**
 * Sets the number of replicas of the objects that have, or had, a name (api
 * `ReplicaCountTransformer`).
 *
 * @param entry `name` and `count`
 */
export function replicasTransformer(
  context: BuildContext,
  entry: LocatedMap,
  specs: readonly FieldSpec[],
): Transformer {
  const name = entry.text('name') ?? '';
  const countNode = entry.get('count');
  const count = countNode?.kind === 'scalar' ? countNode.value : 0;
  const writer = writerAt(countNode ?? entry, 'replicas');
  const setting = {
    writer,
    create: 'scalar' as const,
    set: (node: Located) => {
      if (node.kind !== 'scalar') return new FieldFault('it is no plain value');
      // A field that was just made has no style of its own.
      const isMade = node.value === '' && node.trace?.by === 'replicas';
      return isMade ? write(count, writer) : takeStyle(write(count, writer, node), node);
    },
  };

  const specsFor = (draft: Draft): readonly FieldSpec[] => {
    const ids = allIds(draft).filter((id) => id.name === name);
    return specs.filter((spec) => ids.some((id) => isSelected(id, spec)));
  };

  return (drafts) => {
    if (drafts.some((draft) => specsFor(draft).length > 0)) {
      return drafts.map((draft) => setDraftFields(context, draft, specsFor(draft), setting));
    }
    const message = `No Deployment, StatefulSet or the like is named ${JSON.stringify(name)}.`;
    failUnlessIncomplete(context, 'bad-field', message, entry.get('name') ?? entry);
    return drafts;
  };
}
