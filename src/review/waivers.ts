import type { AppliedWaiver, Fault } from '../model/finding.ts';
import { matchesGlob } from '../model/glob.ts';
import type { ReviewedWaiver, WrittenWaiver } from '../model/waiver.ts';

const DAY = 24 * 60 * 60 * 1000;
/** A waiver is a debt: whoever needs it longer decides again. */
export const MAX_DAYS = 400;

/** A waiver that may count for a fault; those beside the code know by themselves for which. */
export interface CandidateWaiver extends WrittenWaiver {
  readonly isInline?: true;
  /** Instead of the subject. */
  readonly covers?: (fault: Fault) => boolean;
}

/** Decides which waiver counts for which fault, and remembers what was used. */
export interface Waivers {
  /** The first waiver in force for a fault in a cluster; undefined for the repository itself. */
  readonly find: (fault: Fault, cluster: string | undefined) => AppliedWaiver | undefined;
  /** What became of each, after everything was asked for. */
  results(): readonly ReviewedWaiver[];
}

/**
 * @param trusted waivers of the base
 * @param coming waivers that the pull request brings; they count for nothing yet
 * @param now milliseconds since 1970
 */
export function createWaivers(
  trusted: readonly CandidateWaiver[],
  coming: readonly CandidateWaiver[],
  now: number,
): Waivers {
  const covered = new Map<CandidateWaiver, Set<string>>();
  const inForce = trusted.filter((waiver) => waiverState(waiver, now) === undefined);
  function note(waiver: CandidateWaiver, fault: Fault): void {
    const { rule, subject } = fault;
    const { kind, namespace = '', name, field } = subject;
    const seen = covered.get(waiver) ?? new Set();
    covered.set(waiver, seen.add(JSON.stringify([rule, kind, namespace, name, field])));
  }
  return {
    find(fault, cluster) {
      for (const waiver of coming) if (isAbout(waiver, fault, cluster)) note(waiver, fault);
      const found = inForce.find((waiver) => isAbout(waiver, fault, cluster));
      if (found === undefined) return undefined;
      note(found, fault);
      const { owner, reason, expires, place } = found;
      return { owner, reason, expires, place };
    },
    results: () =>
      [...trusted, ...coming].map((waiver): ReviewedWaiver => {
        const { rule, subject, clusters, owner, reason, expires, place, isInline } = waiver;
        const findings = covered.get(waiver)?.size ?? 0;
        const usual = coming.includes(waiver)
          ? ('after-merge' as const)
          : findings > 0
            ? ('used' as const)
            : ('unused' as const);
        return {
          rule,
          subject,
          ...(clusters && { clusters }),
          owner,
          reason,
          expires,
          place,
          ...(isInline && { isInline }),
          state: waiverState(waiver, now) ?? usual,
          daysLeft: daysLeft(expires, now),
          findings,
        };
      }),
  };
}

/** Why a waiver counts for nothing at a time, milliseconds since 1970; undefined when it counts. */
export function waiverState(
  { expires }: Pick<WrittenWaiver, 'expires'>,
  now: number,
): 'expired' | 'too-long' | undefined {
  const days = daysLeft(expires, now);
  if (!(days > 0)) return 'expired';
  return days > MAX_DAYS + 1 ? 'too-long' : undefined;
}

/** Days until the end of a day, UTC, begun ones included: 1 on the last day. */
function daysLeft(expires: string, now: number): number {
  return Math.ceil((Date.parse(expires) + DAY - now) / DAY);
}

function isAbout(waiver: CandidateWaiver, fault: Fault, cluster: string | undefined): boolean {
  if (!matchesGlob(waiver.rule, fault.rule)) return false;
  const { clusters, covers } = waiver;
  if (clusters && !(cluster !== undefined && clusters.some((name) => matchesGlob(name, cluster))))
    return false;
  return covers ? covers(fault) : matchesGlob(waiver.subject, subjectText(fault));
}

/** `Kind/namespace/name`, `Kind//name`; the name alone of what is no object: a path, a branch. */
export function subjectText({ subject }: Pick<Fault, 'subject'>): string {
  const { apiVersion, kind, namespace = '', name } = subject;
  return apiVersion === '' ? name : `${kind}/${namespace}/${name}`;
}
