import { type Answer } from '../http/answer.ts';
import { type Actor, actorName } from '../http/authentication.ts';
import { type World } from '../state/world.ts';

/** Refuses every query by name, until there are any that are answered. */
export function serveGraphql(
  world: World,
  actor: Actor,
  body: unknown,
): Answer & { operation: string } {
  const asked = JSON.stringify(body).length;
  const message = `${actorName(actor)} asked ${asked} characters of ${world.urls.graphql}, which answers no query`;
  return { status: 200, body: { errors: [{ message }] }, operation: 'unknown' };
}
