import type { ChangeOrigin, EvidenceRequest, OriginCommit } from '../../../model/evidence.ts';
import type { RepositoryChange, RuleContext } from '../../rule.ts';
import { type Automation, automationsOf } from '../automations.ts';
import { type VersionChanges, versionChangesOf } from './version-changes.ts';

/** By whom a change is, as far as that decides what else it may hold. */
export type Update =
  | {
      readonly by: 'automation';
      readonly automations: readonly Automation[];
      readonly name: string;
    }
  /** Renovate, Dependabot. */
  | { readonly by: 'bot'; readonly name: string }
  /** Nobody known, and nothing but versions changes. */
  | { readonly by: 'shape' };

export interface Recognised {
  /** Absent for a change that is no update. */
  readonly update?: Update;
  readonly changes: VersionChanges;
  readonly origin?: ChangeOrigin;
}

const NO_CHANGES: VersionChanges = { updates: [], others: [] };

const BOTS: readonly { readonly name: string; readonly login: RegExp; readonly branch: RegExp }[] =
  [
    {
      name: 'Renovate',
      login: /(?:^|[-+.])renovate(?:-bot)?(?:\[bot\])?$/i,
      branch: /^renovate\//,
    },
    { name: 'Dependabot', login: /^(?:\d+\+)?dependabot(?:\[bot\])?$/i, branch: /^dependabot\// },
  ];

/**
 * Whether a change is an update of images and versions, and by whom. Being recognised gains
 * nothing: it only forbids everything that such an update does not do. What an automation is like
 * is told by the base branch.
 */
export function recognise({ before, after }: RepositoryChange, { facts }: RuleContext): Recognised {
  if (before === undefined) return { changes: NO_CHANGES };
  const changes = versionChangesOf(before.tree, after.tree);
  const origin = facts.origin?.state === 'known' ? facts.origin.value : undefined;
  const update =
    (origin && (byAutomation(origin, before.clusters.flatMap(automationsOf)) ?? byBot(origin))) ??
    byShape(changes);
  return { changes, ...(update && { update }), ...(origin && { origin }) };
}

/** Who proposes a change is asked where it may be an update, and for nothing else. */
export function originRequests({ before, after }: RepositoryChange): EvidenceRequest[] {
  if (before === undefined) return [];
  const { updates } = versionChangesOf(before.tree, after.tree);
  const mayBe = updates.length > 0 || before.clusters.some((one) => automationsOf(one).length > 0);
  return mayBe ? [{ kind: 'origin' }] : [];
}

function byAutomation(
  origin: ChangeOrigin,
  automations: readonly Automation[],
): Update | undefined {
  const found = automations.filter(
    ({ pushed, followed, ...automation }) =>
      (origin.branch !== undefined && origin.branch === pushed && pushed !== followed) ||
      (origin.commits.length > 0 &&
        origin.commits.every((commit) => isCommitOf(commit, automation))),
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const { plainName } = first.object.resource;
  return { by: 'automation', automations: found, name: `ImageUpdateAutomation "${plainName}"` };
}

/** Whether author and message are those of an automation; its author is given by email. */
export function isCommitOf(
  { author, message }: OriginCommit,
  automation: Pick<Automation, 'author' | 'template'>,
): boolean {
  const { email } = automation.author;
  return (
    author.email.toLowerCase() === email?.toLowerCase() && isFrom(automation.template, message)
  );
}

/** Flux writes this where there is no template. */
const DEFAULT_MESSAGE = 'Update from image update automation';

/** Texts between actions of a template longer than this many are not looked for. */
const MOST_TEXTS = 200;

/** Whether the plain texts of a template stand in a message; those inside conditions may miss. */
function isFrom(template: string | undefined, message: string): boolean {
  if (template === undefined) return message.trim() === DEFAULT_MESSAGE;
  const first = template.split('{{', 1)[0]?.trim() ?? '';
  if (first !== '') return message.trimStart().startsWith(first);
  const texts = template
    .split(/\}\}|\{\{/, MOST_TEXTS)
    .filter((text, index) => index % 2 === 0 && text.trim().length > 3);
  return texts.length === 0 || texts.some((text) => message.includes(text.trim()));
}

function byBot({ branch, opener, commits }: ChangeOrigin): Update | undefined {
  const bot = BOTS.find(
    ({ login, branch: prefix }) =>
      (opener !== undefined && login.test(opener)) ||
      (branch !== undefined && prefix.test(branch)) ||
      (commits.length > 0 &&
        commits.every(
          ({ author: { name, email } }) =>
            login.test(name) || login.test(email.split('@', 1)[0] ?? ''),
        )),
  );
  return bot && { by: 'bot', name: bot.name };
}

function byShape({ updates, others }: VersionChanges): Update | undefined {
  return updates.length > 0 && others.length === 0 ? { by: 'shape' } : undefined;
}
