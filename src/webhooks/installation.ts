import { z } from 'zod';

import { onAny } from './event.ts';

const InstallationEvent = z.object({
  action: z.string(),
  installation: z.object({ account: z.object({ login: z.string() }).nullish() }),
});

/**
 * The App was installed, removed, suspended or given permissions. Nothing is posted: pull requests
 * that are open already get their verdict by the next sweep.
 */
export const installation = onAny(InstallationEvent, ({ action, installation: { account } }) => ({
  ignored: `installation of ${account?.login ?? 'an enterprise'}: ${action}`,
}));
