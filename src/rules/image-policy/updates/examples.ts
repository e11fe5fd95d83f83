import { type Facts, NO_FACTS } from '../../../model/evidence.ts';
import { imagePolicy } from '../examples.ts';

/** What the documentation of the rules on image updates shows. */

/** The policy, its repository and the automation that writes to a branch of its own. */
export function automation(range = '>=1.4.0 <1.5.0'): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: https://github.com/acme/fleet
  ref:
    branch: main
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: flux-system
  git:
    commit:
      author:
        name: fluxcdbot
        email: fluxcdbot@acme.example
      messageTemplate: 'chore: update images'
    push:
      branch: image-updates
  update:
    path: ./clusters/production
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: podinfo
  namespace: flux-system
spec:
  interval: 5m
  image: ghcr.io/acme/web
---
${imagePolicy(range)}`;
}

/** A Deployment whose image the policy moves. */
export function markedDeployment(tag: string, repository = 'ghcr.io/acme/web'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: web
spec:
  replicas: 1
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: ${repository}:${tag} # {"$imagepolicy": "flux-system:podinfo"}
`;
}

/** A pull request from the automation's branch. */
export const AUTOMATION_ORIGIN: Facts = {
  ...NO_FACTS,
  origin: {
    state: 'known',
    value: {
      branch: 'image-updates',
      commits: [
        {
          id: '1'.repeat(40),
          author: { name: 'fluxcdbot', email: 'fluxcdbot@acme.example' },
          message: 'chore: update images\n',
        },
      ],
    },
  },
};
