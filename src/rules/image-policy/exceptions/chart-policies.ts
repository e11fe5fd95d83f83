/**
 * The policies of the chart kyverno-policies (Pod Security Standards): none verifies images.
 * Source: kyverno/kyverno `charts/kyverno-policies/templates`.
 */
const NAMES: ReadonlySet<string> = new Set([
  'disallow-capabilities',
  'disallow-capabilities-strict',
  'disallow-host-namespaces',
  'disallow-host-path',
  'disallow-host-ports',
  'disallow-host-process',
  'disallow-privilege-escalation',
  'disallow-privileged-containers',
  'disallow-proc-mount',
  'disallow-selinux',
  'require-non-root-groups',
  'require-run-as-non-root-user',
  'require-run-as-nonroot',
  'restrict-apparmor-profiles',
  'restrict-seccomp',
  'restrict-seccomp-strict',
  'restrict-sysctls',
  'restrict-volume-types',
]);

/** Whether a policy is one of the chart's, by its name, also where it is made per namespace. */
export function isOfChart(name: string): boolean {
  return NAMES.has(name.slice(name.indexOf('/') + 1));
}
