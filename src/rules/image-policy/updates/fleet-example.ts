import { type Facts, NO_FACTS } from '../../../model/evidence.ts';
import { imagePolicy } from '../examples.ts';
import { markedDeployment } from './examples.ts';

/** A cluster that Flux applies, with an automation. Shown by the rules on automation. */

export const SYNC = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@github.com/acme/fleet
  secretRef:
    name: flux-system
  ref:
    branch: main
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  path: ./clusters/production
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
`;

/** A source with a key of its own, for the automation alone. */
export const OWN_SOURCE = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: image-updates
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@github.com/acme/fleet
  secretRef:
    name: image-updates
  ref:
    branch: main
`;

export interface AutomationParts {
  readonly source?: string;
  readonly path?: string;
  readonly namespace?: string;
  readonly branch?: string;
  /** More lines of the spec, indented by two. */
  readonly more?: string;
}

export function updateAutomation({
  source = 'flux-system',
  path = './clusters/production',
  namespace = 'flux-system',
  branch = 'image-updates',
  more = '',
}: AutomationParts = {}): string {
  return `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: web
  namespace: ${namespace}
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: ${source}
    namespace: flux-system
  git:
    commit:
      author:
        email: fluxcdbot@acme.example
    push:
      branch: ${branch}
  update:
    path: ${path}
${more}`;
}

export const FLEET: Readonly<Record<string, string>> = {
  'clusters/production/flux-system/gotk-sync.yaml': SYNC,
  'clusters/production/automation.yaml': updateAutomation(),
  'clusters/production/policy.yaml': imagePolicy('>=1.4.0 <1.5.0'),
  'clusters/production/web.yaml': markedDeployment('1.4.2'),
};

export const WORKFLOW = `name: Image updates
on:
  push:
    branches: [image-updates]
permissions:
  contents: read
  pull-requests: write
jobs:
  open:
    runs-on: ubuntu-latest
    steps:
      - run: gh pr create --fill --base main --head image-updates --repo "$GITHUB_REPOSITORY"
        env:
          GH_TOKEN: \${{ github.token }}
`;

/** The branch is there, and nobody ever opened a pull request from it. */
export const PUSH_BRANCH_FACTS: Facts = {
  ...NO_FACTS,
  pushBranches: new Map([
    ['image-updates', { state: 'known', value: { exists: true, ahead: 12, pullRequests: 0 } }],
  ]),
};
