import type { Rule } from '../rule.ts';
import { apparmor } from './rules/apparmor.ts';
import { capabilities } from './rules/capabilities.ts';
import { helmValuesPrivilege } from './rules/helm-values-privilege.ts';
import { privilegedPatch } from './rules/privileged-patch.ts';
import { hostNamespaces } from './rules/host-namespaces.ts';
import { hostPorts } from './rules/host-ports.ts';
import { hostProbesLifecycleHooks } from './rules/host-probes-lifecycle-hooks.ts';
import { hostProcess } from './rules/host-process.ts';
import { hostpathVolumes } from './rules/hostpath-volumes.ts';
import { privilegeEscalation } from './rules/privilege-escalation.ts';
import { privilegedContainers } from './rules/privileged-containers.ts';
import { procMountType } from './rules/proc-mount-type.ts';
import { runningAsNonRoot } from './rules/running-as-non-root.ts';
import { runningAsNonRootUser } from './rules/running-as-non-root-user.ts';
import { seccomp } from './rules/seccomp.ts';
import { selinux } from './rules/selinux.ts';
import { sysctls } from './rules/sysctls.ts';
import { volumeTypes } from './rules/volume-types.ts';
import { invalidAdmissionConfiguration } from './rules/invalid-admission-configuration.ts';
import { invalidLabel } from './rules/invalid-label.ts';
import { loosenedLevel } from './rules/loosened-level.ts';
import { raisedLevel } from './rules/raised-level.ts';
import { undecodableWorkload } from './rules/undecodable-workload.ts';
import { unlabelledNamespace } from './rules/unlabelled-namespace.ts';
import { missingAuditOrWarn } from './rules/missing-audit-or-warn.ts';
import { privilegedNamespaceWithoutReason } from './rules/privileged-namespace-without-reason.ts';
import { removedPodSecurityPolicy } from './rules/removed-pod-security-policy.ts';
import { unjudgedWorkload } from './rules/unjudged-workload.ts';
import { unpinnedVersion } from './rules/unpinned-version.ts';
import { exemptController } from './rules/exempt-controller.ts';
import { exemptionWithoutReason } from './rules/exemption-without-reason.ts';
import { loosenedDefault } from './rules/loosened-default.ts';
import { unnamedAdmissionConfiguration } from './rules/unnamed-admission-configuration.ts';
import { missingScratchVolume } from './rules/missing-scratch-volume.ts';
import { writableRootFilesystem } from './rules/writable-root-filesystem.ts';
import { needlessException } from './rules/needless-exception.ts';
import { unpinnedDefault } from './rules/unpinned-default.ts';

/** The rules of this area, in the order in which they are listed to people. */
export const podSecurityRules: readonly Rule[] = [
  hostProcess,
  hostNamespaces,
  privilegedContainers,
  capabilities,
  hostpathVolumes,
  hostPorts,
  hostProbesLifecycleHooks,
  apparmor,
  selinux,
  procMountType,
  seccomp,
  sysctls,
  volumeTypes,
  privilegeEscalation,
  runningAsNonRoot,
  runningAsNonRootUser,
  writableRootFilesystem,
  missingScratchVolume,
  helmValuesPrivilege,
  privilegedPatch,
  undecodableWorkload,
  invalidLabel,
  invalidAdmissionConfiguration,
  loosenedLevel,
  raisedLevel,
  unlabelledNamespace,
  missingAuditOrWarn,
  unpinnedVersion,
  unpinnedDefault,
  privilegedNamespaceWithoutReason,
  needlessException,
  exemptionWithoutReason,
  exemptController,
  loosenedDefault,
  unnamedAdmissionConfiguration,
  removedPodSecurityPolicy,
  unjudgedWorkload,
];
