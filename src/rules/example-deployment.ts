/**
 * A Deployment `web` in the namespace `shop`, for the examples of rules.
 *
 * @param podSpec the pod's spec as YAML, not indented
 */
export function deploymentOf(podSpec: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
${podSpec.trimEnd().replace(/^(?=.)/gm, '      ')}
`;
}
