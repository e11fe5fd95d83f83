import { isSurelyNamespaced } from '../../flux/scope.ts';
import { placeOf, valueAt } from '../../model/field-path.ts';
import { NOTHING, type ObjectRule } from '../rule.ts';
import { exampleCluster } from './example.ts';

const NAMELESS =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n';

/**
 * An object of a namespaced kind that Flux applies and that names no namespace (fluxcd/pkg `ssa`:
 * `namespace not specified`). Unlike kubectl, Flux has no default to fall back on.
 */
export const objectWithoutNamespace: ObjectRule = {
  id: 'gitops/object-without-namespace',
  area: 'gitops',
  title: 'Object without a namespace',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'kubectl puts an object that names no namespace into the current one; Flux has none. It fails the whole Kustomization with "namespace not specified", and nothing of it is applied.',
    allows: [
      '`metadata.namespace`, `namespace` in a kustomization file, or `spec.targetNamespace` of the Flux Kustomization.',
      'Kinds without a namespace, and kinds of which this program does not know whether they have one.',
    ],
    fix: 'Name the namespace in the object, or for all of them in the kustomization file.',
    exception: 'None: Flux refuses the whole Kustomization.',
    bad: { ...exampleCluster('./apps'), 'apps/service.yaml': NAMELESS },
    good: {
      ...exampleCluster('./apps', '  targetNamespace: web\n'),
      'apps/service.yaml': NAMELESS,
    },
    links: ['https://fluxcd.io/flux/components/kustomize/kustomizations/#target-namespace'],
  },
  evaluate({ resource, unit }) {
    const { apiVersion, kind, plainName: name, root } = resource;
    const written = valueAt(root, ['metadata', 'namespace']);
    const isAbsent =
      written === undefined ||
      (written.kind === 'scalar' && (written.value === null || written.value === ''));
    if (unit.kustomization === undefined || !isAbsent || !isSurelyNamespaced(apiVersion, kind)) {
      return NOTHING;
    }
    const fault = {
      ...{ rule: objectWithoutNamespace.id, effect: 'denied' as const },
      subject: { apiVersion, kind, name, field: 'metadata.namespace' },
      message: `${kind} ${name} names no namespace, and ${unit.title} gives it none: Flux refuses the whole Kustomization.`,
      detail: `${kind}/${name} namespace not specified`,
      primary: placeOf(root, ['metadata', 'name']),
      related: [],
    };
    return { faults: [fault], unknowns: [] };
  },
};
