import { valueAt } from '../../../model/field-path.ts';
import type { FileTree } from '../../../model/file-tree.ts';
import type { Fault } from '../../../model/finding.ts';
import { placeOf } from '../../../model/field-path.ts';
import { toTextEdits } from '../../../yaml/edit.ts';
import type { RepositoryRule } from '../../rule.ts';
import { admissionExample } from '../admission-example.ts';
import { NEWEST_MINOR } from '../registry.ts';
import { LATEST, parseVersion, versionOfMinor } from '../version.ts';
import { admissionOf, type WrittenCluster, writtenClusters } from '../written-settings.ts';

/**
 * A cluster of production whose default enforces a level at whatever version it has.
 *
 * Fields: `defaults.enforce-version` of an admission configuration, or of the settings.
 */
export const unpinnedDefault: RepositoryRule = {
  id: 'pod-security/unpinned-default',
  area: 'pod-security',
  title: 'Default level of production without a version',
  since: '0.1',
  lapsesWith: ['pod-security/loosened-default'],
  on: 'repository',
  docs: {
    protects:
      'The default of a cluster holds wherever a namespace says nothing. At `latest` an upgrade of the API server changes what all of them let in, on the same day, and no label tells of it.',
    allows: [
      '`defaults.enforce-version` with a version such as `v1.35`, in clusters of production whose default enforces baseline or restricted. Absent counts as `latest`.',
      'Other environments may stay at `latest`: there it tells early what a new version refuses.',
    ],
    fix: 'Pin the version that the cluster has today; raise it after each upgrade, when audit and warn are quiet.',
    exception: 'A cluster whose workloads pass every version, as the other environments show.',
    bad: admissionExample('defaults:\n  enforce: baseline\n'),
    good: admissionExample('defaults:\n  enforce: baseline\n  enforce-version: v1.35\n'),
    links: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/',
    ],
  },
  evaluate: ({ tree }) => ({
    faults: writtenClusters(tree).flatMap((cluster) => toFault(tree, cluster) ?? []),
    unknowns: [],
  }),
};

function toFault(tree: FileTree, cluster: WrittenCluster): Fault | undefined {
  const { name, environment, admission, kubernetes, file } = cluster;
  const enforce = admissionOf(tree, cluster)?.defaults.enforce;
  if (environment !== 'production' || admission === undefined || enforce === undefined) {
    return undefined;
  }
  if (enforce.level === 'privileged' || enforce.version.text !== LATEST.text) return undefined;
  const { root, at } = admission;
  const path = [...at, 'defaults', 'enforce-version'];
  const own = kubernetes === undefined ? undefined : parseVersion(kubernetes);
  const pin = (own ?? versionOfMinor(NEWEST_MINOR)).text;
  const fields = [{ path, set: pin }];
  const isWritten = valueAt(root, path) !== undefined;
  return {
    rule: unpinnedDefault.id,
    effect: 'advice',
    subject: {
      apiVersion: '',
      kind: 'Cluster',
      name,
      field: 'podSecurity.defaults.enforce-version',
    },
    message: `Cluster "${name}" of production enforces ${enforce.level} by default at its newest version${isWritten ? '' : ', since none is written'}: an upgrade may refuse what runs today in every namespace without a label.`,
    primary: placeOf(root, isWritten ? path : [...at, 'defaults', 'enforce']),
    related: file ? [{ ...file.place, why: `this names the file for cluster "${name}"` }] : [],
    policy: `${enforce.level}:${enforce.version.text}`,
    remedy: {
      summary: `Set enforce-version to ${pin}.`,
      fields,
      edits: toTextEdits(root, fields) ?? [],
    },
  };
}
