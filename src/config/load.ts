import { type FieldPath, placeOf } from '../model/field-path.ts';
import { type LocatedMap, toPlain } from '../model/located.ts';
import { matchesGlob } from '../model/glob.ts';
import { SourceText, toPlace } from '../model/source.ts';
import type { SettingsProblem } from '../model/waiver.ts';
import { parseYaml } from '../yaml/parse.ts';
import { Config } from './schema.ts';

export { CONFIG_PATH } from '../model/config-path.ts';

export type ConfigResult =
  | { readonly config: Config; readonly root: LocatedMap }
  | { readonly problems: readonly SettingsProblem[] };

/**
 * Reads a configuration strictly: every fault comes back with its line, and then nothing of the
 * file counts.
 *
 * @param knownRules ids that may stand under `rules`
 */
export function parseConfig(
  path: string,
  text: string,
  knownRules: readonly string[],
): ConfigResult {
  const { documents, problems } = parseYaml(new SourceText(path, text), 'kustomize');
  if (problems.length > 0) {
    return {
      problems: problems.map(({ message, ...site }) => ({ message, place: toPlace(site) })),
    };
  }
  const [root, ...others] = documents;
  if (root?.kind !== 'map' || others.length > 0) {
    const place = root ? toPlace(root) : { path, line: 1, endLine: 1 };
    return { problems: [{ message: 'The file must hold one map of settings.', place }] };
  }
  const parsed = Config.safeParse(toPlain(root));
  const unknownRules = [
    ...unknownRuleProblems(root, knownRules),
    ...(parsed.success ? unknownWaiverProblems(parsed.data, root, knownRules) : []),
  ];
  if (parsed.success && unknownRules.length === 0) return { config: parsed.data, root };
  const faults = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => toProblems(issue, root));
  const all = [...faults, ...unknownRules];
  return { problems: all.sort((a, b) => a.place.line - b.place.line) };
}

type Issue = Parameters<typeof toProblems>[0];

function toProblems(
  issue: { readonly code: string; readonly path: PropertyKey[]; readonly message: string } & {
    readonly keys?: readonly string[];
  },
  root: LocatedMap,
): SettingsProblem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({
      message: `${dotted([...path, key])} is not a setting.`,
      place: placeOf(root, [...path, key]),
    }));
  }
  const message = `${dotted(path) || 'The file'}: ${lower(issue)}.`;
  return [{ message, place: placeOf(root, path) }];
}

function lower({ message }: Issue): string {
  return message
    .replace(/^Invalid input: e/, 'e')
    .replace(/^Invalid /, 'invalid ')
    .replaceAll('"|"', '", "');
}

function dotted(path: FieldPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}

function unknownRuleProblems(root: LocatedMap, knownRules: readonly string[]): SettingsProblem[] {
  const known = new Set(knownRules);
  return (root.map('rules')?.entries ?? [])
    .filter(({ key }) => !known.has(key))
    .map(({ key }) => ({
      message: `There is no rule ${JSON.stringify(key)}. fluxgate explain lists them.`,
      place: placeOf(root, ['rules', key]),
    }));
}

/** A waiver of a rule that does not exist waives nothing, and its author believes it does. */
function unknownWaiverProblems(
  { waivers }: Config,
  root: LocatedMap,
  knownRules: readonly string[],
): SettingsProblem[] {
  return waivers.flatMap(({ rule }, index) =>
    knownRules.some((known) => matchesGlob(rule, known))
      ? []
      : {
          message: `There is no rule ${JSON.stringify(rule)}. fluxgate explain lists them.`,
          place: placeOf(root, ['waivers', index, 'rule']),
        },
  );
}
