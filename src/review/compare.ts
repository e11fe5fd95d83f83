import { compareText } from '../model/compare-text.ts';
import type { Cluster } from '../flux/cluster.ts';
import {
  type AppliedWaiver,
  type Change,
  CHANGES,
  type ClusterFinding,
  type Effect,
  EFFECTS,
  type Fault,
  type Finding,
  isGone,
  isStronger,
} from '../model/finding.ts';
import type { ReviewUnknown } from '../model/review.ts';
import type { AreaUnknown, Judged, JudgedRepository } from './evaluate.ts';
import type { IsLapsed } from './lapsed.ts';
import type { IsLost } from './lost-units.ts';

/** The waiver that counts for a fault in a cluster, or in the repository itself. */
export type FindWaiver = (fault: Fault, cluster: string | undefined) => AppliedWaiver | undefined;

const NONE: Judged = { faults: new Map(), unknowns: [] };

/**
 * Findings of a change. `change` is told per cluster: a fault that one cluster had before is
 * introduced in the cluster where it is new or where its effect grew stronger. A fault that is
 * waived in some of its clusters is two findings, and so is one that is gone in some: it is told
 * as gone there, at the line where it was, beside the clusters that keep it.
 *
 * @param before undefined for a scan: then everything exists
 * @param lost by cluster: faults of before whose part of the cluster cannot be told after; they
 *   stay, as the cluster keeps what it has
 * @param isLapsed tells what is gone and was not mended from what was
 * @param resumed by cluster: faults of after that were held back before
 */
export function compare(
  before: JudgedRepository | undefined,
  after: JudgedRepository,
  clusters: readonly Cluster[],
  findWaiver: FindWaiver = () => undefined,
  lost: ReadonlyMap<string, IsLost> = new Map(),
  resumed: ReadonlyMap<string, IsLost> = new Map(),
  isLapsed: IsLapsed = () => false,
): Finding[] {
  const merged = new Map<string, Seen[]>();
  function add(seen: Seen): void {
    const { fingerprint, waiver, cluster, change } = seen;
    const gone = isGone(change) ? change : '';
    const waived = waiver === undefined ? '' : JSON.stringify([waiver.place]);
    const key = `${fingerprint} ${cluster === undefined} ${gone} ${waived}`;
    const same = merged.get(key);
    if (same) same.push(seen);
    else merged.set(key, [seen]);
  }
  function waiverOf({ fault, change, cluster }: Seen): AppliedWaiver | undefined {
    return isGone(change) ? undefined : findWaiver(fault, cluster?.name);
  }
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const names = new Set([...(before?.clusters.keys() ?? []), ...after.clusters.keys()]);
  for (const name of names) {
    const sides = {
      before: before?.clusters.get(name) ?? NONE,
      after: after.clusters.get(name) ?? NONE,
    };
    const cluster = byName.get(name) ?? { name };
    const isScan = before === undefined;
    const how = {
      ...{ isScan, isLost: lost.get(name), isResumed: resumed.get(name) },
      isLapsed: (fault: Fault) => isLapsed(fault, [sides.after, after.repository]),
    };
    for (const one of compareSides(sides, cluster, how)) {
      add({ ...one, waiver: waiverOf(one) });
    }
  }
  const whole = { before: before?.repository ?? NONE, after: after.repository };
  const beside = [after.repository, ...after.clusters.values()];
  const how = {
    isScan: before === undefined,
    isLapsed: (fault: Fault) => isLapsed(fault, beside),
  };
  for (const one of compareSides(whole, undefined, how)) {
    add({ ...one, waiver: waiverOf(one) });
  }
  return [...merged.values()].map(toFinding).sort(byWeight);
}

interface Seen {
  readonly fingerprint: string;
  readonly fault: Fault;
  readonly effect: Effect;
  readonly change: Change;
  readonly cluster: ClusterFinding | undefined;
  readonly waiver?: AppliedWaiver | undefined;
}

interface Comparison {
  readonly isScan: boolean;
  readonly isLost?: IsLost | undefined;
  readonly isResumed?: IsLost | undefined;
  readonly isLapsed: (fault: Fault) => boolean;
}

function* compareSides(
  { before, after }: { before: Judged; after: Judged },
  cluster: Pick<Cluster, 'name'> | Cluster | undefined,
  { isScan, isLost = () => false, isResumed = () => false, isLapsed }: Comparison,
): Generator<Seen> {
  for (const [fingerprint, fault] of after.faults) {
    const earlier = before.faults.get(fingerprint);
    const isNew =
      earlier === undefined || isStronger(fault.effect, earlier.effect) || isResumed(fault);
    yield toSeen(fingerprint, fault, isNew && !isScan ? 'introduced' : 'existing', cluster);
  }
  for (const [fingerprint, fault] of before.faults) {
    if (after.faults.has(fingerprint)) continue;
    const gone = isLapsed(fault) ? 'lapsed' : 'fixed';
    yield toSeen(fingerprint, fault, isLost(fault) ? 'existing' : gone, cluster);
  }
}

function toSeen(
  fingerprint: string,
  fault: Fault,
  change: Change,
  cluster: Pick<Cluster, 'name'> | Cluster | undefined,
): Seen {
  const { effect, policy } = fault;
  const inCluster: ClusterFinding | undefined = cluster && {
    name: cluster.name,
    environment: 'settings' in cluster ? cluster.settings.environment : undefined,
    effect,
    change,
    ...(policy !== undefined && { policy }),
  };
  return { fingerprint, fault, effect, change, cluster: inCluster };
}

/** One finding of the same fault in several clusters: the weightiest of them leads. */
function toFinding(seen: readonly Seen[]): Finding {
  const ordered = [...seen].sort((a, b) => rankOf(a.change, a.effect) - rankOf(b.change, b.effect));
  const [lead] = ordered;
  if (lead === undefined) throw new TypeError('A finding needs a fault.');
  return {
    ...lead.fault,
    effect: lead.effect,
    change: lead.change,
    clusters: ordered.flatMap(({ cluster }) => (cluster ? [cluster] : [])),
    ...(lead.waiver && { waiver: lead.waiver }),
    fingerprint: lead.fingerprint,
  };
}

function rankOf(change: Change, effect: Effect): number {
  return CHANGES.indexOf(change) * EFFECTS.length + EFFECTS.indexOf(effect);
}

function byWeight(a: Finding, b: Finding): number {
  return (
    rankOf(a.change, a.effect) - rankOf(b.change, b.effect) ||
    compareText(a.primary.path, b.primary.path) ||
    a.primary.line - b.primary.line ||
    compareText(a.rule, b.rule) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

/**
 * Gaps of a change; one that was there before is existing, as its reason says the same and what it
 * depends on is the same.
 */
export function compareUnknowns(
  before: JudgedRepository | undefined,
  after: JudgedRepository,
): ReviewUnknown[] {
  const earlier = new Set<string>();
  for (const [cluster, unknown] of allUnknowns(before)) earlier.add(keyOf(cluster, unknown));
  const merged = new Map<string, ReviewUnknown>();
  for (const [cluster, unknown] of allUnknowns(after)) {
    const existed = before === undefined || earlier.has(keyOf(cluster, unknown));
    const told = withoutInput(unknown);
    const key = keyOf('', told);
    const known = merged.get(key);
    merged.set(key, {
      ...told,
      change: existed && known?.change !== 'introduced' ? 'existing' : 'introduced',
      clusters: [...(known?.clusters ?? []), ...(cluster === '' ? [] : [cluster])],
    });
  }
  return [...merged.values()];
}

/** What it depends on is nobody's business but the comparison's. */
function withoutInput(unknown: AreaUnknown): AreaUnknown {
  const told = { ...unknown };
  delete told.input;
  return told;
}

function* allUnknowns(judged: JudgedRepository | undefined): Generator<[string, AreaUnknown]> {
  for (const unknown of judged?.repository.unknowns ?? []) yield ['', unknown];
  for (const [name, { unknowns }] of judged?.clusters ?? []) {
    for (const unknown of unknowns) yield [name, unknown];
  }
}

function keyOf(cluster: string, { rule, reason, place, input }: AreaUnknown): string {
  return JSON.stringify([cluster, rule, reason, place?.path, input]);
}
