import { z } from 'zod';

import { onAny } from './event.ts';

const Names = z.array(z.unknown());

const InstallationRepositoriesEvent = z.object({
  installation: z.object({ account: z.object({ login: z.string() }).nullish() }),
  repositories_added: Names,
  repositories_removed: Names,
});

/** The App was given or denied repositories. Nothing is posted, as for the installation itself. */
export const installationRepositories = onAny(
  InstallationRepositoriesEvent,
  ({ installation: { account }, repositories_added: added, repositories_removed: removed }) => ({
    ignored: `repositories of ${account?.login ?? 'an enterprise'}: ${added.length} added, ${removed.length} removed`,
  }),
);
