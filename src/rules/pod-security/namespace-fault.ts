import { type FieldPath, placeOf, toDotted } from '../../model/field-path.ts';
import type { Fault, FieldEdit, Remedy } from '../../model/finding.ts';
import type { Place } from '../../model/source.ts';
import { toTextEdits } from '../../yaml/edit.ts';
import { once } from './faults.ts';
import { type Level, isStricter } from './level.ts';
import { labelKey, type Mode, MODES } from './namespace-policy.ts';
import type { NamespaceSituation } from './namespace-situation.ts';
import { type ClusterWorkload, type NamespaceInUse, refusalBy } from './namespaces-in-use.ts';
import type { Policy } from './policy.ts';
import type { PolicyVersion } from './version.ts';

/** The parts that findings about a namespace have in common. */

export function labelPath(mode: Mode, half: 'level' | 'version' = 'level'): FieldPath {
  return ['metadata', 'labels', labelKey(mode, half)];
}

/** Subject and place of a finding about a label of a namespace. */
export function aboutLabel(
  { name, manifest }: NamespaceSituation,
  path: FieldPath,
  fallback?: Place,
): Pick<Fault, 'subject' | 'primary'> | undefined {
  const root = manifest?.resource.root;
  const primary = root ? placeOf(root, path) : fallback;
  if (primary === undefined) return undefined;
  const field = root ? toDotted(path, root) : `metadata.labels[${JSON.stringify(path.at(-1))}]`;
  return { subject: { apiVersion: 'v1', kind: 'Namespace', name, field }, primary };
}

/** Where a namespace without a manifest comes from: what creates it, or is the first to say it. */
export function creatorPlace({
  workloads: [first],
  releases: [release],
}: Pick<NamespaceInUse, 'workloads' | 'releases'>): Place | undefined {
  return (
    release?.place ?? (first && placeOf(first.object.resource.root, ['metadata', 'namespace']))
  );
}

/** The edits that give a namespace its six labels; those that are right already are left out. */
export function sixLabels(
  { policy }: NamespaceSituation,
  enforce: Policy,
  pin: PolicyVersion,
): FieldEdit[] {
  const edits: FieldEdit[] = [];
  for (const mode of MODES) {
    const watched: Level = 'restricted';
    const level = mode === 'enforce' ? enforce.level : watched;
    const version = mode === 'enforce' ? enforce.version : pin;
    const now = policy[mode];
    if (now.levelFrom.key !== labelKey(mode) || isStricter(level, now.level)) {
      edits.push({ path: labelPath(mode), set: level });
    }
    if (now.versionFrom.key !== labelKey(mode, 'version')) {
      edits.push({ path: labelPath(mode, 'version'), set: version.text });
    }
  }
  return edits;
}

/** A remedy that changes labels of a namespace; without a manifest it can only say which. */
export function labelRemedy(
  { manifest }: NamespaceSituation,
  summary: string,
  fields: readonly FieldEdit[],
  caution?: string,
): Remedy {
  const edits = once(() => (manifest && toTextEdits(manifest.resource.root, fields)) ?? []);
  return {
    summary,
    fields: manifest ? fields : [],
    // Asked for only where the finding is shown, which few of those that exist are.
    get edits() {
      return edits();
    },
    ...(caution !== undefined && { caution }),
  };
}

/** `enforce: baseline, enforce-version: v1.35`: the labels of edits, in a sentence. */
export function labelsText(edits: readonly FieldEdit[]): string {
  return edits
    .map((edit) => {
      const key = String(edit.path.at(-1)).replace('pod-security.kubernetes.io/', '');
      return 'set' in edit ? `${key}: ${String(edit.set)}` : `no ${key}`;
    })
    .join(', ');
}

const MOST_NAMED = 20;

/** Names of workloads in a sentence, at most some of them. */
export function workloadNames(workloads: readonly ClusterWorkload[], most = 5): string {
  const names = workloads
    .slice(0, most)
    .map(({ object: { resource } }) => `${resource.kind} "${resource.plainName}"`);
  const rest = workloads.length - names.length;
  return rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
}

/** One workload a line with what a policy refuses of it. */
export function refusalLines(
  workloads: readonly ClusterWorkload[],
  policy: Policy,
  situation: NamespaceSituation,
): string {
  const lines = workloads.slice(0, MOST_NAMED).map((workload) => {
    const { kind, plainName } = workload.object.resource;
    return `${kind} ${plainName}: ${refusalBy(workload, policy, situation) ?? 'passes'}`;
  });
  const rest = workloads.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}
