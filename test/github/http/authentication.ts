import { createPublicKey, verify } from 'node:crypto';

import { ApiError } from './answer.ts';
import type { Account, App, Installation, Permissions } from '../state/model.ts';
import type { World } from '../state/world.ts';

/** Who asks. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly account: Account }
  | { readonly kind: 'app'; readonly app: App }
  | {
      readonly kind: 'installation';
      readonly installation: Installation;
      readonly repositories: ReadonlySet<number> | undefined;
      readonly permissions: Permissions;
    };

/** The account in whose name an actor writes; undefined for nobody and for an App itself. */
export function accountOf(actor: Actor): Account | undefined {
  if (actor.kind === 'user') return actor.account;
  return actor.kind === 'installation' ? actor.installation.app.bot : undefined;
}

/** The account of an actor that must have one. */
export function requireAccount(actor: Actor): Account {
  const account = accountOf(actor);
  if (account === undefined) throw new ApiError(401, 'Requires authentication');
  return account;
}

/** The App that acts, if one does. */
export function appOf(actor: Actor): App | undefined {
  if (actor.kind === 'app') return actor.app;
  return actor.kind === 'installation' ? actor.installation.app : undefined;
}

export function actorName(actor: Actor): string {
  if (actor.kind === 'anonymous') return 'anonymous';
  return actor.kind === 'app' ? `app/${actor.app.slug}` : requireAccount(actor).login;
}

/**
 * Who an `Authorization` header says is asking.
 *
 * @throws ApiError 401 for a token that is unknown, expired or wrongly signed
 */
export function authenticate(world: World, header: string | undefined): Actor {
  if (header === undefined) return { kind: 'anonymous' };
  const [scheme = '', value = ''] = header.split(' ');
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return value.split('.').length === 3 ? verifyJwt(world, value) : fromToken(world, value);
    case 'token':
      return fromToken(world, value);
    case 'basic':
      return fromToken(world, passwordOf(value));
    default:
      throw badCredentials();
  }
}

function badCredentials(): ApiError {
  return new ApiError(401, 'Bad credentials');
}

/** Git sends a token as the password, or as the name with an empty or filler password. */
function passwordOf(basic: string): string {
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const [name = '', password = ''] = text.split(/:(.*)/s);
  return password === '' || password === 'x-oauth-basic' ? name : password;
}

function fromToken(world: World, token: string): Actor {
  const grant = world.tokens.get(token);
  if (grant === undefined) throw badCredentials();
  if (grant.kind === 'user') return grant;
  if (grant.expiresAt <= world.now()) throw badCredentials();
  if (grant.installation.suspendedAt !== null) {
    throw new ApiError(403, 'This installation has been suspended');
  }
  const { installation, repositories, permissions } = grant;
  return { kind: 'installation', installation, repositories, permissions };
}

const JWT_LIFETIME_SECONDS = 600;
const CLOCK_DRIFT_SECONDS = 60;

/** An App proves itself by a token signed with its private key, by the machine's own clock. */
function verifyJwt(world: World, jwt: string): Actor {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const header = decodePart(head);
  const { iss, iat, exp } = decodePart(claims);
  if (header.alg !== 'RS256') throw undecodable();
  const app = [...world.apps.values()].find(
    (candidate) => String(candidate.id) === String(iss) || candidate.clientId === iss,
  );
  if (app === undefined) throw new ApiError(404, 'Integration not found');
  const signed = Buffer.from(`${head}.${claims}`);
  const key = createPublicKey(app.publicKey);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) throw undecodable();
  const now = Math.floor(Date.now() / 1000);
  if (typeof exp !== 'number' || exp <= now) {
    throw new ApiError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (typeof iat !== 'number' || iat > now + CLOCK_DRIFT_SECONDS) {
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (exp - iat > JWT_LIFETIME_SECONDS + CLOCK_DRIFT_SECONDS) {
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  return { kind: 'app', app };
}

function undecodable(): ApiError {
  return new ApiError(401, 'A JSON web token could not be decoded');
}

function decodePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below like any other token that is none.
  }
  throw undecodable();
}
