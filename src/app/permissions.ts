import type { Permissions } from '../github/app.ts';

/** What the App asks for (`app.yml`), each with what people go without where it is not granted. */
const ASKED: Readonly<
  Record<string, { readonly access: 'read' | 'write'; readonly lost: string }>
> = {
  contents: { access: 'read', lost: 'nothing is reviewed' },
  checks: { access: 'write', lost: 'there is no verdict on commits' },
  pull_requests: { access: 'write', lost: 'there are no comments on lines' },
  issues: { access: 'write', lost: 'commands in the conversation are not heard' },
  merge_queues: { access: 'read', lost: 'groups of a merge queue are not reviewed' },
};

/** With it, and only for this, threads are resolved instead of edited; the App does not ask. */
export const RESOLVE_PERMISSIONS: Permissions = { contents: 'write', pull_requests: 'write' };

/** What an installation does not grant, and what that costs, one sentence; none for nothing. */
export function wordMissing(granted: Readonly<Record<string, unknown>>): string[] {
  const missing = Object.entries(ASKED)
    .filter(([name, { access }]) => !isGranted(granted, name, access))
    .map(([name, { access, lost }]) => `"${name}: ${access}" (${lost})`);
  if (missing.length === 0) return [];
  const noun = missing.length === 1 ? 'permission' : 'permissions';
  return [
    `Fluxgate lacks the ${noun} ${missing.join(', ')}. Whoever owns the installation can grant ${missing.length === 1 ? 'it' : 'them'}.`,
  ];
}

/** Whether threads may be resolved. */
export function mayResolve(granted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(RESOLVE_PERMISSIONS).every(([name, access]) =>
    isGranted(granted, name, access),
  );
}

function isGranted(
  granted: Readonly<Record<string, unknown>>,
  name: string,
  access: 'read' | 'write',
): boolean {
  return granted[name] === 'write' || granted[name] === 'admin' || granted[name] === access;
}

/** A change of permissions counts this much later at most. */
const FRESH_MILLISECONDS = 5 * 60_000;
const MAX_INSTALLATIONS = 10_000;

type Granted = Readonly<Record<string, unknown>>;

/**
 * Knows what installations grant; asks each at most once in five minutes, unless it lacks
 * something: who grants that sees it at the next review.
 */
export function createGrants(
  ask: (installation: number) => Promise<Granted>,
  now: () => number = Date.now,
): (installation: number) => Promise<Granted> {
  const known = new Map<number, { readonly at: number; readonly granted: Promise<Granted> }>();
  return (installation) => {
    const last = known.get(installation);
    if (last && now() - last.at < FRESH_MILLISECONDS) return last.granted;
    const granted = ask(installation);
    granted.then(
      (told) => wordMissing(told).length > 0 && known.delete(installation),
      () => known.delete(installation),
    );
    if (known.size >= MAX_INSTALLATIONS) known.clear();
    known.set(installation, { at: now(), granted });
    return granted;
  };
}
