import { may } from '../http/access.ts';
import type { Actor } from '../http/authentication.ts';
import type { Repository } from '../state/model.ts';
import { FieldError } from './schema.ts';

/** An App without `pull_requests: read` sees those of public repositories alone. */
export function requirePullsRead(actor: Actor, repository: Repository): void {
  if (actor.kind !== 'installation' || !repository.private) return;
  if (may(actor, repository, ['pull_requests:read'], 'read')) return;
  throw new FieldError('FORBIDDEN', 'Resource not accessible by integration');
}
