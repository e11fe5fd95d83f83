import { deploymentOf } from '../example-deployment.ts';
import type { Mode } from './namespace-policy.ts';

type Labels = Partial<Record<Mode | `${Mode}-version`, string>>;

/** The files of an example: a namespace with some labels, and what else is said. */
export function labelExample(
  labels: Labels,
  files: Readonly<Record<string, string>> = {},
  folder = 'apps',
): Record<string, string> {
  return { [`${folder}/namespace.yaml`]: namespaceText(labels), ...files };
}

/** A namespace `shop`. */
export function namespaceText(labels: Labels): string {
  const lines = Object.entries(labels).map(
    ([key, value]) => `    pod-security.kubernetes.io/${key}: ${value}\n`,
  );
  const block = lines.length > 0 ? `  labels:\n${lines.join('')}` : '';
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${block}`;
}

/** A Deployment `web` in it, with a pod that baseline lets in and restricted does not. */
export function deploymentText(): string {
  return deploymentOf('containers:\n  - name: web\n    image: registry.example.org/shop/web:1.4.2');
}
