import type { Check } from './check.ts';
import { explainProcMount, PROC_MOUNTS, procMount_1_0, wordProcMount } from './proc-mount.ts';

/**
 * Restricted keeps the masks over /proc even for pods in a user namespace, whom baseline lets go.
 *
 * Fields: `spec.{initContainers,containers,ephemeralContainers}[*].securityContext.procMount`
 * Allowed: unset, `Default`. From v1.35; below, baseline's own check asks the same.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const procMountRestricted: Check = {
  id: 'procMount_restricted',
  control: 'proc-mount-type',
  level: 'restricted',
  revisions: [{ since: 35, allowed: PROC_MOUNTS, find: procMount_1_0, overrides: ['procMount'] }],
  word: wordProcMount,
  explain: explainProcMount,
};
