import type { Route } from './http/router.ts';
import { accountRoutes } from './resources/accounts.ts';
import { appRoutes } from './resources/apps.ts';
import { branchProtectionRoutes } from './resources/branch-protection.ts';
import { branchRoutes } from './resources/branches.ts';
import { checkSuiteRoutes } from './resources/check-suites.ts';
import { checkRoutes } from './resources/checks.ts';
import { commitRoutes } from './resources/commits.ts';
import { contentsRoutes } from './resources/contents.ts';
import { gitObjectRoutes } from './resources/git-objects.ts';
import { gitRefRoutes } from './resources/git-refs.ts';
import { gitTreeRoutes } from './resources/git-trees.ts';
import { hookDeliveryRoutes } from './resources/hook-deliveries.ts';
import { issueCommentRoutes } from './resources/issue-comments.ts';
import { issueRoutes } from './resources/issues.ts';
import { pullPartRoutes } from './resources/pull-parts.ts';
import { pullRoutes } from './resources/pulls.ts';
import { reactionRoutes } from './resources/reactions.ts';
import { repositoryRoutes } from './resources/repositories.ts';
import { reviewCommentRoutes } from './resources/review-comments.ts';
import { reviewRoutes } from './resources/reviews.ts';
import { rulesetRoutes } from './resources/rulesets.ts';
import { statusRoutes } from './resources/statuses.ts';
import { tarballRoutes } from './resources/tarballs.ts';

/** Every REST route. The first that matches answers, so literal paths stand before greedy ones. */
export const routes: readonly Route[] = [
  ...accountRoutes,
  ...hookDeliveryRoutes,
  ...appRoutes,
  ...checkRoutes,
  ...checkSuiteRoutes,
  ...statusRoutes,
  ...reactionRoutes,
  ...issueCommentRoutes,
  ...issueRoutes,
  ...reviewCommentRoutes,
  ...reviewRoutes,
  ...pullPartRoutes,
  ...pullRoutes,
  ...gitObjectRoutes,
  ...gitTreeRoutes,
  ...gitRefRoutes,
  ...contentsRoutes,
  ...branchProtectionRoutes,
  ...branchRoutes,
  ...commitRoutes,
  ...rulesetRoutes,
  ...tarballRoutes,
  ...repositoryRoutes,
];
