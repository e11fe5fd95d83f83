import { z } from 'zod';

import type { Intake } from '../jobs/intake.ts';

/** What the events need to know about us. */
export interface Settings {
  readonly appId: number;
  /** Login of the App's own bot user, `fluxgate[bot]` say. */
  readonly ownLogin?: string;
  /** Whether a comment is worth a job; its exact meaning is found there. Gets hostile text. */
  readonly mayHoldCommand: (body: string) => boolean;
}

/** @param delivery the delivery's id; the same when GitHub delivers the event again */
export type EventReader = (
  payload: Record<string, unknown>,
  settings: Settings,
  delivery: string,
) => Intake;

const Action = z.object({ action: z.string() });

/**
 * An event with the actions we work on. Others are ignored unread, so that GitHub may add actions
 * of any shape.
 */
export function onActions<Schema extends z.ZodType>(
  actions: readonly string[],
  schema: Schema,
  read: (event: z.infer<Schema>, settings: Settings, delivery: string) => Intake,
): EventReader {
  return (payload, settings, delivery) => {
    const action = Action.safeParse(payload);
    if (!action.success) return malformed(action.error);
    if (!actions.includes(action.data.action)) {
      return { ignored: 'this action of the event needs no work' };
    }
    return onAny(schema, read)(payload, settings, delivery);
  };
}

/** An event that has no actions, or whose every action counts. */
export function onAny<Schema extends z.ZodType>(
  schema: Schema,
  read: (event: z.infer<Schema>, settings: Settings, delivery: string) => Intake,
): EventReader {
  return (payload, settings, delivery) => {
    const event = schema.safeParse(payload);
    return event.success ? read(event.data, settings, delivery) : malformed(event.error);
  };
}

/** Names the fields, never their values. */
function malformed(error: z.ZodError): Intake {
  const fields = error.issues.map(({ path }) => path.join('.') || 'the payload');
  return { malformed: `unexpected value of ${[...new Set(fields)].join(', ')}` };
}
