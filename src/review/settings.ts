import { compareConfigs } from '../config/difference.ts';
import { type ConfigFiles, type InForce, resolveConfig } from '../config/effective.ts';
import { CONFIG_PATH } from '../config/load.ts';
import { MISNAMED, MISNAMED_PATH } from '../model/config-path.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Review } from '../model/review.ts';
import type { SettingsChange, WrittenWaiver } from '../model/waiver.ts';
import { review, type ReviewedTrees, type ReviewOptions, type Wanted } from './review.ts';

/** A review with the trusted files that it goes by. */
export type SettledOptions = Omit<ReviewOptions, 'config' | 'waivers' | 'coming'> & {
  readonly files: ConfigFiles;
};

/**
 * Reviews by the configuration that is in force, and tells what the change would do to it: the
 * pull request's own configuration decides nothing before it is merged.
 */
export function reviewBySettings(
  trees: ReviewedTrees,
  { files, ...options }: SettledOptions,
): Review | { wanted: Wanted } {
  const ids = options.rules.map(({ id }) => id);
  const inForce = resolveConfig(files, ids);
  const next = isChanged(trees) ? nextSettings(trees.after, files, ids) : undefined;
  const answer = review(trees, {
    ...options,
    notes: [
      ...(options.notes ?? []),
      ...inForce.notes,
      ...(trees.after.entry(MISNAMED_PATH) ? [MISNAMED] : []),
    ],
    config: inForce.config,
    waivers: inForce.waivers,
    ...(next?.problems.length === 0 && { coming: newWaivers(inForce, next) }),
  });
  if ('wanted' in answer) return answer;
  if (next === undefined && inForce.problems.length === 0) return answer;
  const change = next && changeOf(answer, inForce, next, trees, options);
  if (change && 'wanted' in change) return change;
  return { ...answer, settings: { problems: inForce.problems, ...(change && { change }) } };
}

function isChanged({ before, after }: ReviewedTrees): boolean {
  return before !== undefined && before.entry(CONFIG_PATH)?.id !== after.entry(CONFIG_PATH)?.id;
}

/** The settings after the merge. Attacker-controlled: only told. */
function nextSettings(after: FileTree, { organisation }: ConfigFiles, ids: readonly string[]) {
  const content = after.read(CONFIG_PATH);
  const repository =
    content.state === 'text' ? { path: CONFIG_PATH, text: content.text } : undefined;
  return resolveConfig(
    { ...(organisation && { organisation }), ...(repository && { repository }) },
    ids,
  );
}

function newWaivers(inForce: InForce, next: InForce): WrittenWaiver[] {
  const known = new Set(inForce.waivers.map(identityOf));
  return next.waivers.filter((waiver) => !known.has(identityOf(waiver)));
}

function identityOf(waiver: WrittenWaiver): string {
  const { rule, subject, clusters, owner, reason, expires } = waiver;
  return JSON.stringify([rule, subject, clusters, owner, reason, expires]);
}

function changeOf(
  answer: Review,
  inForce: InForce,
  next: InForce,
  trees: ReviewedTrees,
  options: Omit<SettledOptions, 'files'>,
): SettingsChange | { wanted: Wanted } {
  const { problems } = next;
  if (problems.length > 0) return { problems, differences: [], verdicts: [] };
  const then = review(trees, { ...options, config: next.config, waivers: next.waivers });
  if ('wanted' in then) return then;
  return {
    problems,
    differences: compareConfigs(inForce.config, next.config),
    verdicts: answer.verdicts.flatMap(({ area, conclusion: from }) => {
      const to = then.verdicts.find((verdict) => verdict.area === area)?.conclusion ?? from;
      return from === to ? [] : [{ area, from, to }];
    }),
  };
}
