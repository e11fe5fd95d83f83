import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../src/config/schema.ts';
import { NO_FACTS } from '../../src/model/evidence.ts';
import { review } from '../../src/review/review.ts';
import { rules } from '../../src/rules/index.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

const GUIDES = new URL('../../fixtures/repositories/guides', import.meta.url).pathname;

/** `rule (effect) at line: field`, by file; files that are told nothing are not there. */
function judge(): Record<string, string[]> {
  const paths = readdirSync(GUIDES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .sort();
  const files = Object.fromEntries(
    paths.map((path) => [path, readFileSync(join(GUIDES, path), 'utf8')]),
  );
  const tree = memoryTree(files);
  const answer = review(
    { after: tree, head: tree },
    { config: DEFAULT_CONFIG, rules, now: Date.UTC(2026, 0, 15), facts: NO_FACTS },
  );
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  const told: Record<string, string[]> = {};
  for (const { rule, effect, primary, subject } of answer.findings) {
    // What other areas say of these files is pinned by their own rules' tests.
    if (!rule.startsWith('pod-security/')) continue;
    (told[primary.path] ??= []).push(`${rule} (${effect}) at ${primary.line}: ${subject.field}`);
  }
  return Object.fromEntries(
    Object.entries(told)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, lines]) => [path, lines.sort()]),
  );
}

it('tells each manifest of the guides what admission will say', () => {
  expect(judge()).toMatchInlineSnapshot(`
    {
      "pod-security/bind-service.yaml": [
        "pod-security/writable-root-filesystem (advice) at 22: spec.template.spec",
      ],
      "pod-security/container-overrides-pod.yaml": [
        "pod-security/running-as-non-root (denied) at 23: spec.template.spec.containers[name=app].securityContext.runAsNonRoot",
        "pod-security/writable-root-filesystem (advice) at 22: spec.template.spec",
      ],
      "pod-security/cron-job-as-root.yaml": [
        "pod-security/running-as-non-root-user (denied) at 14: spec.jobTemplate.spec.template.spec.securityContext.runAsUser",
        "pod-security/writable-root-filesystem (advice) at 21: spec.jobTemplate.spec.template.spec",
      ],
      "pod-security/host-agent.yaml": [
        "pod-security/host-namespaces (denied) at 15: spec.template.spec.hostNetwork",
        "pod-security/host-namespaces (denied) at 16: spec.template.spec.hostPID",
        "pod-security/hostpath-volumes (denied) at 25: spec.template.spec.volumes[name=root].hostPath",
      ],
      "pod-security/list.yaml": [
        "pod-security/host-ports (denied) at 33: spec.template.spec.containers[name=two].ports[containerPort=9000].hostPort",
      ],
      "pod-security/lower-case-drop.yaml": [
        "pod-security/capabilities (denied) at 25: spec.template.spec.containers[name=app].securityContext.capabilities.drop[0]",
        "pod-security/writable-root-filesystem (advice) at 22: spec.template.spec",
      ],
      "pod-security/namespaces.yaml": [
        "pod-security/missing-audit-or-warn (advice) at 14: metadata.labels["pod-security.kubernetes.io/enforce"]",
        "pod-security/missing-audit-or-warn (advice) at 6: metadata.labels["pod-security.kubernetes.io/enforce"]",
        "pod-security/privileged-namespace-without-reason (risk) at 31: metadata.labels["pod-security.kubernetes.io/enforce"]",
      ],
      "pod-security/plain-in-restricted.yaml": [
        "pod-security/capabilities (denied) at 16: spec.template.spec.containers[name=app].securityContext.capabilities.drop",
        "pod-security/privilege-escalation (denied) at 16: spec.template.spec.containers[name=app].securityContext.allowPrivilegeEscalation",
        "pod-security/running-as-non-root (denied) at 14: spec.template.spec.securityContext.runAsNonRoot",
        "pod-security/seccomp (denied) at 14: spec.template.spec.securityContext.seccompProfile.type",
        "pod-security/writable-root-filesystem (advice) at 16: spec.template.spec",
      ],
      "pod-security/plain-in-trial.yaml": [
        "pod-security/capabilities (warned) at 16: spec.template.spec.containers[name=app].securityContext.capabilities.drop",
        "pod-security/privilege-escalation (warned) at 16: spec.template.spec.containers[name=app].securityContext.allowPrivilegeEscalation",
        "pod-security/running-as-non-root (warned) at 14: spec.template.spec.securityContext.runAsNonRoot",
        "pod-security/seccomp (warned) at 14: spec.template.spec.securityContext.seccompProfile.type",
      ],
      "pod-security/privileged-init-container.yaml": [
        "pod-security/privileged-containers (denied) at 20: spec.template.spec.initContainers[name=sysctl].securityContext.privileged",
      ],
      "pod-security/privileged-pod.yaml": [
        "pod-security/privileged-containers (denied) at 11: spec.containers[name=shell].securityContext.privileged",
      ],
      "pod-security/safe-deployment.yaml": [
        "pod-security/writable-root-filesystem (advice) at 22: spec.template.spec",
      ],
      "pod-security/sysctls.yaml": [
        "pod-security/sysctls (denied) at 14: spec.template.spec.securityContext.sysctls[name=kernel.msgmax].name",
      ],
      "pod-security/unconfined.yaml": [
        "pod-security/apparmor (denied) at 15: spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/app"]",
        "pod-security/capabilities (denied) at 28: spec.template.spec.containers[name=app].securityContext.capabilities.add[0]",
        "pod-security/proc-mount-type (denied) at 26: spec.template.spec.containers[name=app].securityContext.procMount",
        "pod-security/seccomp (denied) at 19: spec.template.spec.securityContext.seccompProfile.type",
        "pod-security/selinux (denied) at 21: spec.template.spec.securityContext.seLinuxOptions.type",
      ],
      "pod-security/windows-host-process.yaml": [
        "pod-security/host-namespaces (denied) at 7: spec.hostNetwork",
        "pod-security/host-process (denied) at 10: spec.securityContext.windowsOptions.hostProcess",
      ],
    }
  `);
});
