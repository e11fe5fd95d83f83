import { valueAt } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import type { ObjectRule } from '../rule.ts';
import { faultAt, nameOf, remedy } from './fault.ts';

function automation(template: string): string {
  return `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: flux-system
  git:
    commit:
      author:
        email: fluxcdbot@example.org
      messageTemplate: '${template}'
    push:
      branch: image-updates
`;
}

/** Names of the template's data that newer versions of Flux do not have. */
const REMOVED = /\.(?:Updated\b|Changed\.ImageResult\b|NewTag\b)/;

/** A commit message that uses data which no longer exists: the automation stalls. */
export const removedTemplateData: ObjectRule = {
  id: 'image-policy/removed-template-data',
  area: 'image-policy',
  title: 'Commit message with data that no longer exists',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'An automation whose commit message uses removed data stalls: no image is updated any more, security updates neither.',
    allows: [
      'Looks at `git.commit.messageTemplate` of ImageUpdateAutomation.',
      'Allowed: `.AutomationObject`, `.Changed.FileChanges`, `.Changed.Objects`, `.Changed.Changes` and `.Values`. Removed: `.Updated`, `.Changed.ImageResult`, `.NewTag`.',
    ],
    fix: 'Use `.Changed.Changes`, whose entries have `OldValue` and `NewValue`.',
    exception: 'None: Flux refuses the template.',
    bad: { 'apps/automation.yaml': automation('{{ range .Updated.Images }}{{ . }}{{ end }}') },
    good: {
      'apps/automation.yaml': automation(
        '{{ range .Changed.Changes }}{{ .OldValue }} {{ .NewValue }}{{ end }}',
      ),
    },
    links: ['https://fluxcd.io/flux/components/image/imageupdateautomations/#message-template'],
  },
  evaluate(object) {
    const { apiVersion, kind, root } = object.resource;
    if (kind !== 'ImageUpdateAutomation' || groupOf(apiVersion) !== 'image.toolkit.fluxcd.io') {
      return { faults: [], unknowns: [] };
    }
    const path = ['spec', 'git', 'commit', 'messageTemplate'];
    const template = valueAt(root, path);
    const text = template?.kind === 'scalar' ? template.value : undefined;
    const found = typeof text === 'string' ? REMOVED.exec(text)?.[0] : undefined;
    if (found === undefined) return { faults: [], unknowns: [] };
    const fault = faultAt(object, path, {
      rule: removedTemplateData.id,
      effect: 'denied',
      message: `${nameOf(object)} has a commit message that uses ${found}, which newer Flux does not have: the automation stalls.`,
      remedy: remedy('Use `.Changed.Changes` instead.', object),
    });
    return { faults: [fault], unknowns: [] };
  },
};
