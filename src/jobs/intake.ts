import type { Change } from './queue.ts';

/** An event that GitHub signed with our secret. Its content may still come from a stranger. */
export interface VerifiedEvent {
  /** The delivery's id; the same when GitHub delivers the event again. */
  readonly id: string;
  readonly name: string;
  readonly payload: Record<string, unknown>;
}

/**
 * What follows from an event: work, nothing for a reason, or nothing because it does not have the
 * shape that GitHub documents. Texts are for the log and hold nothing of the event but its names.
 */
export type Intake =
  | { readonly changes: readonly Change[] }
  | { readonly ignored: string }
  | { readonly malformed: string };
