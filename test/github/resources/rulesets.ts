import { z } from 'zod';

import { rulesOf } from '../domain/requirements.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, noContent, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Context, type Route, numberParam, param } from '../http/router.ts';
import { apiUrl } from '../render/repositories.ts';
import type { Account, NamePatterns, Repository, Ruleset } from '../state/model.ts';
import { type World, findAccount, fullName, nodeId, timestamp } from '../state/world.ts';

const ADMIN = { app: ['administration:write'], role: 'admin' } as const;

/** Rulesets of repositories and organisations, and the rules that follow for a branch. */
export const rulesetRoutes: readonly Route[] = [
  repositoryRoute('GET /rules/branches/{branch+}', {}, listBranchRules),
  repositoryRoute('GET /rulesets', {}, listRulesets),
  repositoryRoute('POST /rulesets', ADMIN, createRuleset),
  repositoryRoute('GET /rulesets/{ruleset_id}', {}, getRuleset),
  repositoryRoute('PUT /rulesets/{ruleset_id}', ADMIN, updateRuleset),
  repositoryRoute('DELETE /rulesets/{ruleset_id}', ADMIN, deleteRuleset),
  { pattern: 'GET /orgs/{org}/rulesets', handle: listOfOrganization },
  { pattern: 'POST /orgs/{org}/rulesets', handle: createForOrganization },
];

function isRepository(source: Repository | Account): source is Repository {
  return 'git' in source;
}

function sourceFields({ source }: Ruleset) {
  return isRepository(source)
    ? { source_type: 'Repository', source: fullName(source) }
    : { source_type: 'Organization', source: source.login };
}

/** Only active rules, whether the branch exists or not. */
function listBranchRules(context: RepositoryContext): Promise<Answer> {
  const rules = rulesOf(context.repository, param(context, 'branch'));
  return paginate(context, rules, ({ type, parameters, ruleset }) => {
    const { source_type, source } = sourceFields(ruleset);
    return {
      type,
      ...(parameters === undefined ? {} : { parameters }),
      ruleset_source_type: source_type,
      ruleset_source: source,
      ruleset_id: ruleset.id,
    };
  });
}

function render(world: World, ruleset: Ruleset) {
  const { source } = ruleset;
  const self = isRepository(source)
    ? `${apiUrl(world, source)}/rulesets/${ruleset.id}`
    : `${world.urls.api}/orgs/${source.login}/rulesets/${ruleset.id}`;
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: 'branch',
    ...sourceFields(ruleset),
    enforcement: ruleset.enforcement,
    node_id: nodeId('RRS', ruleset.id),
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
    _links: { self: { href: self } },
  };
}

function renderFull(world: World, ruleset: Ruleset) {
  return {
    ...render(world, ruleset),
    conditions: {
      ref_name: ruleset.refs,
      ...(isRepository(ruleset.source) ? {} : { repository_name: ruleset.repositories }),
    },
    rules: ruleset.rules,
  };
}

function rulesetsOf({ repository, request }: RepositoryContext): Ruleset[] {
  const own = [...repository.rulesets.values()];
  if (request.query.get('includes_parents') === 'false') return own;
  return [...own, ...repository.owner.rulesets.values()];
}

function listRulesets(context: RepositoryContext): Promise<Answer> {
  return paginate(context, rulesetsOf(context), (ruleset) => render(context.world, ruleset));
}

function rulesetOf(context: RepositoryContext): Ruleset {
  const id = numberParam(context, 'ruleset_id');
  const ruleset = rulesetsOf(context).find((one) => one.id === id);
  if (ruleset === undefined) throw notFound();
  return ruleset;
}

function getRuleset(context: RepositoryContext): Answer {
  return ok(renderFull(context.world, rulesetOf(context)));
}

const Patterns = z
  .object({ include: z.array(z.string()).default([]), exclude: z.array(z.string()).default([]) })
  .optional();

const RulesetFields = z.object({
  name: z.string().optional(),
  target: z.literal('branch').optional(),
  enforcement: z.enum(['disabled', 'active', 'evaluate']).optional(),
  conditions: z.object({ ref_name: Patterns, repository_name: Patterns }).optional(),
  rules: z
    .array(z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
});

const NONE: NamePatterns = { include: [], exclude: [] };
const ALL: NamePatterns = { include: ['~ALL'], exclude: [] };

function addRuleset(
  { world, request }: Context,
  source: Repository | Account,
  rulesets: Map<number, Ruleset>,
): Answer {
  const wanted = bodyOf(request, RulesetFields);
  const now = timestamp(world);
  const ruleset: Ruleset = {
    id: world.nextId('ruleset'),
    name: wanted.name ?? '',
    source,
    enforcement: wanted.enforcement ?? 'active',
    refs: wanted.conditions?.ref_name ?? NONE,
    repositories: wanted.conditions?.repository_name ?? ALL,
    rules: wanted.rules ?? [],
    createdAt: now,
    updatedAt: now,
  };
  rulesets.set(ruleset.id, ruleset);
  return created(renderFull(world, ruleset));
}

function createRuleset(context: RepositoryContext): Answer {
  return addRuleset(context, context.repository, context.repository.rulesets);
}

function updateRuleset(context: RepositoryContext): Answer {
  const { world, request } = context;
  const ruleset = rulesetOf(context);
  const wanted = bodyOf(request, RulesetFields);
  ruleset.name = wanted.name ?? ruleset.name;
  ruleset.enforcement = wanted.enforcement ?? ruleset.enforcement;
  ruleset.refs = wanted.conditions?.ref_name ?? ruleset.refs;
  ruleset.rules = wanted.rules ?? ruleset.rules;
  ruleset.updatedAt = timestamp(world);
  return ok(renderFull(world, ruleset));
}

function deleteRuleset(context: RepositoryContext): Answer {
  const ruleset = rulesetOf(context);
  if (!context.repository.rulesets.delete(ruleset.id)) throw notFound();
  return noContent;
}

function organizationOf(context: Context): Account {
  const organization = findAccount(context.world, param(context, 'org'));
  if (organization?.type !== 'Organization') throw notFound();
  const isAdmin = organization.members.get(requireAccount(context.actor).id) === 'admin';
  if (!isAdmin) throw new ApiError(403, 'Must have admin rights to Repository.');
  return organization;
}

function listOfOrganization(context: Context): Promise<Answer> {
  const rulesets = [...organizationOf(context).rulesets.values()];
  return paginate(context, rulesets, (ruleset) => render(context.world, ruleset));
}

function createForOrganization(context: Context): Answer {
  const organization = organizationOf(context);
  return addRuleset(context, organization, organization.rulesets);
}
