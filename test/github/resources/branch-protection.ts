import { z } from 'zod';

import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, noContent, ok } from '../http/answer.ts';
import { bodyOf } from '../http/input.ts';
import { type Route, param } from '../http/router.ts';
import { apiUrl } from '../render/repositories.ts';
import type { BranchProtection } from '../state/model.ts';

const READ = { app: ['administration:read'], role: 'admin', restricted: true } as const;
const WRITE = { app: ['administration:write'], role: 'admin' } as const;
const PATH = '/branches/{branch}/protection';

/** Classic branch protection, in the parts that matter to merges and to reviews of them. */
export const branchProtectionRoutes: readonly Route[] = [
  repositoryRoute(`GET ${PATH}`, READ, getProtection),
  repositoryRoute(`PUT ${PATH}`, WRITE, putProtection),
  repositoryRoute(`DELETE ${PATH}`, WRITE, deleteProtection),
  repositoryRoute(`GET ${PATH}/required_status_checks`, READ, getStatusChecks),
  repositoryRoute(`GET ${PATH}/required_signatures`, READ, getSignatures),
  repositoryRoute(`POST ${PATH}/required_signatures`, WRITE, addSignatures),
  repositoryRoute(`DELETE ${PATH}/required_signatures`, WRITE, removeSignatures),
];

function protectionOf(context: RepositoryContext): BranchProtection {
  const branch = param(context, 'branch');
  if (!context.repository.git.refs.has(`refs/heads/${branch}`)) {
    throw new ApiError(404, 'Branch not found');
  }
  const protection = context.repository.protections.get(branch);
  if (protection === undefined) throw new ApiError(404, 'Branch not protected');
  return protection;
}

function urlOf(context: RepositoryContext): string {
  const branch = encodeURIComponent(param(context, 'branch'));
  return `${apiUrl(context.world, context.repository)}/branches/${branch}/protection`;
}

function renderChecks(url: string, required: NonNullable<BranchProtection['requiredChecks']>) {
  return {
    url: `${url}/required_status_checks`,
    strict: required.strict,
    contexts: required.checks.map(({ context }) => context),
    contexts_url: `${url}/required_status_checks/contexts`,
    checks: required.checks.map(({ context, appId }) => ({ context, app_id: appId })),
  };
}

function render(url: string, protection: BranchProtection) {
  const { requiredChecks, requiredReviews } = protection;
  return {
    url,
    ...(requiredChecks === undefined
      ? {}
      : { required_status_checks: renderChecks(url, requiredChecks) }),
    ...(requiredReviews === undefined
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${url}/required_pull_request_reviews`,
            dismiss_stale_reviews: false,
            require_code_owner_reviews: false,
            required_approving_review_count: requiredReviews,
            require_last_push_approval: false,
          },
        }),
    required_signatures: {
      url: `${url}/required_signatures`,
      enabled: protection.requiredSignatures,
    },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: protection.requiredLinearHistory },
    allow_force_pushes: { enabled: protection.allowForcePushes },
    allow_deletions: { enabled: protection.allowDeletions },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: protection.requiredConversationResolution },
    lock_branch: { enabled: false },
    allow_fork_syncing: { enabled: false },
  };
}

function getProtection(context: RepositoryContext): Answer {
  return ok(render(urlOf(context), protectionOf(context)));
}

const ProtectionFields = z.object({
  required_status_checks: z
    .object({
      strict: z.boolean(),
      contexts: z.array(z.string()).optional(),
      checks: z.array(z.object({ context: z.string(), app_id: z.number().optional() })).optional(),
    })
    .nullable(),
  enforce_admins: z.boolean().nullable(),
  required_pull_request_reviews: z
    .object({ required_approving_review_count: z.number().optional() })
    .nullable(),
  required_linear_history: z.boolean().optional(),
  allow_force_pushes: z.boolean().nullish(),
  allow_deletions: z.boolean().optional(),
  required_conversation_resolution: z.boolean().optional(),
});

function putProtection(context: RepositoryContext): Answer {
  const { repository, request } = context;
  const branch = param(context, 'branch');
  if (!repository.git.refs.has(`refs/heads/${branch}`)) throw new ApiError(404, 'Branch not found');
  const wanted = bodyOf(request, ProtectionFields);
  const checks = wanted.required_status_checks;
  const reviews = wanted.required_pull_request_reviews;
  const protection: BranchProtection = {
    requiredChecks:
      checks === null
        ? undefined
        : {
            strict: checks.strict,
            checks:
              checks.checks?.map((check) => ({
                context: check.context,
                // Minus one stands for any source.
                appId: check.app_id === undefined || check.app_id === -1 ? null : check.app_id,
              })) ?? (checks.contexts ?? []).map((name) => ({ context: name, appId: null })),
          },
    requiredReviews: reviews === null ? undefined : (reviews.required_approving_review_count ?? 1),
    requiredSignatures: repository.protections.get(branch)?.requiredSignatures ?? false,
    requiredConversationResolution: wanted.required_conversation_resolution ?? false,
    requiredLinearHistory: wanted.required_linear_history ?? false,
    enforceAdmins: wanted.enforce_admins ?? false,
    allowForcePushes: wanted.allow_force_pushes ?? false,
    allowDeletions: wanted.allow_deletions ?? false,
  };
  repository.protections.set(branch, protection);
  return ok(render(urlOf(context), protection));
}

function deleteProtection(context: RepositoryContext): Answer {
  protectionOf(context);
  context.repository.protections.delete(param(context, 'branch'));
  return noContent;
}

function getStatusChecks(context: RepositoryContext): Answer {
  const { requiredChecks } = protectionOf(context);
  if (requiredChecks === undefined) {
    throw new ApiError(404, 'Required status checks not enabled');
  }
  return ok(renderChecks(urlOf(context), requiredChecks));
}

function answerSignatures(context: RepositoryContext): Answer {
  const { requiredSignatures: enabled } = protectionOf(context);
  return ok({ url: `${urlOf(context)}/required_signatures`, enabled });
}

function getSignatures(context: RepositoryContext): Answer {
  return answerSignatures(context);
}

function addSignatures(context: RepositoryContext): Answer {
  protectionOf(context).requiredSignatures = true;
  return answerSignatures(context);
}

function removeSignatures(context: RepositoryContext): Answer {
  protectionOf(context).requiredSignatures = false;
  return noContent;
}
