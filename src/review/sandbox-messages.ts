import type { ConfigFiles } from '../config/effective.ts';
import type { Material } from '../evidence/evidence.ts';
import type { EvidenceRequest } from '../model/evidence.ts';
import type { Plan, PlanRequest } from '../model/plan.ts';
import type { ChangedFile, Report } from '../model/report.ts';
import type { Review } from '../model/review.ts';
import type { Listing } from '../snapshot/snapshot.ts';

/** What the process with the App's key sends into the sandbox. */
export type ToSandbox =
  | {
      readonly type: 'review';
      readonly sides: {
        readonly before?: Listing;
        readonly after: Listing;
        readonly head: Listing;
      };
      /** The trusted configuration, from the base branch. */
      readonly config: ConfigFiles;
      /** What else is asked about the merged state. */
      readonly plan?: PlanRequest;
      readonly notes: readonly string[];
      /** When the review takes place, milliseconds since 1970. */
      readonly now: number;
      /** Nothing was reviewed in this repository before. */
      readonly isFirst: boolean;
    }
  /** Contents that were asked for; an id that has none did not come. */
  | { readonly type: 'blobs'; readonly blobs: readonly (readonly [string, Uint8Array | null])[] }
  /** The pull request's diff, which was asked for. */
  | { readonly type: 'files'; readonly files: readonly ChangedFile[] }
  /** What was gathered for requests of evidence, one for each. */
  | { readonly type: 'material'; readonly materials: readonly Material[] };

/** What comes out. Built from attacker-controlled text, so it is data and nothing else. */
export type FromSandbox =
  | { readonly type: 'want'; readonly side: Side; readonly ids: readonly string[] }
  | { readonly type: 'gather'; readonly requests: readonly EvidenceRequest[] }
  /** Something stands on lines that may be in the diff. */
  | { readonly type: 'want-files' }
  | {
      readonly type: 'done';
      readonly review: Review;
      readonly report: Report;
      readonly plan?: Plan;
    }
  | { readonly type: 'failed'; readonly message: string };

export type Side = 'before' | 'after' | 'head';
