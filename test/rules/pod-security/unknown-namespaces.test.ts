import { describe, expect, it } from 'vitest';

import { kustomization } from '../../flux/clusters.ts';
import { changed, line, namespace } from './reviewed.ts';

const BEFORE = {
  'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
  'clusters/a/apps.yaml': kustomization(
    'apps',
    './apps',
    '  postBuild: {substituteFrom: [{kind: ConfigMap, name: elsewhere}]}\n',
  ),
  'apps/ns.yaml': namespace('shop', { enforce: 'baseline' }),
};

const pod = (name: string, spec: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: "${name}"}\nspec: {${spec}}\n`;

const PRIVILEGED = 'containers: [{name: a, image: a, securityContext: {privileged: true}}]';
const RESTRICTED =
  'securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]';

/** How the check ends when a file is added, with the first thing that is not known. */
function added(text: string): (string | undefined)[] {
  const review = changed(BEFORE, { ...BEFORE, 'apps/more.yaml': text });
  const unknowns = review.unknowns.filter(({ change }) => change === 'introduced');
  expect(review.findings.filter(({ effect }) => effect !== 'advice').map(line)).toEqual([]);
  return [review.verdicts[0]?.conclusion, unknowns[0]?.reason];
}

describe('a namespace whose name comes from outside', () => {
  it('holds its pods to nobody knows what', () => {
    expect(added(pod('${NS}', PRIVILEGED))).toEqual([
      'neutral',
      'The Pod Security level of namespace "${NS} (not known)" is not known, so Pod "web" in namespace "${NS} (not known)" is not judged by it: which namespace it is depends on what is not in the repository.',
    ]);
    expect(added(pod('shop-${NS}', PRIVILEGED))[0]).toBe('neutral');
  });

  it('matters not to what passes everywhere', () => {
    expect(added(pod('${NS}', RESTRICTED))).toEqual(['success', undefined]);
  });

  it('may be any, so that its labels may loosen one that is here', () => {
    expect(added(namespace('${NS}', { enforce: 'privileged' }))).toEqual([
      'neutral',
      'Which namespace the labels of the Namespace ${NS} are of is not known: variable NS may come from ConfigMap flux-system/elsewhere, which is not in the repository.',
    ]);
  });
});
