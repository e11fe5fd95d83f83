import type { Area } from '../model/finding.ts';
import type { ReviewedSettings, SettingsProblem } from '../model/waiver.ts';
import { code, escapeMarkdown } from './escape.ts';
import { AREA_NAMES } from './words.ts';

/** More than this nobody reads; `fluxgate config show` tells all. */
const MAX_LINES = 50;

/**
 * What there is to tell of the configuration: faults of the one in force, and what the pull
 * request would change. Told once, with the checks it touches.
 */
export function renderSettings(
  settings: ReviewedSettings | undefined,
  area: Area,
): string | undefined {
  if (settings === undefined) return undefined;
  const { problems, change } = settings;
  const isTouched = change?.verdicts.some((verdict) => verdict.area === area) ?? false;
  if (area !== 'gitops' && !isTouched) return undefined;
  const parts: string[] = [];
  if (problems.length > 0) {
    parts.push('### Configuration with faults', listProblems(problems));
  }
  if (change) {
    parts.push(
      '### This pull request changes the configuration',
      'It was reviewed by the old one, which is in force until this is merged.',
    );
    if (change.problems.length > 0) {
      parts.push(
        'The new file has faults. Merged like this, it would not count: the old one would stay in force.',
        listProblems(change.problems),
      );
    } else {
      parts.push(
        list(
          change.differences.map(
            ({ setting, from, to }) =>
              `- ${code(setting)}: ${from === undefined ? 'not set' : code(from)} → ${to === undefined ? 'not set' : code(to)}`,
          ),
        ),
        ...change.verdicts.map(
          ({ area: other, from, to }) =>
            `With the new one, ${AREA_NAMES[other]} of this pull request would be **${to}** instead of ${from}.`,
        ),
      );
      if (change.verdicts.length === 0) {
        parts.push('With the new one, the verdict on this pull request would be the same.');
      }
    }
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

function listProblems(problems: readonly SettingsProblem[]): string {
  return list(
    problems.map(
      ({ message, place }) =>
        `- ${code(`${place.path}:${place.line}`)}: ${escapeMarkdown(message)}`,
    ),
  );
}

function list(lines: readonly string[]): string {
  const rest = lines.length - MAX_LINES;
  return [...lines.slice(0, MAX_LINES), ...(rest > 0 ? [`- and ${rest} more`] : [])].join('\n');
}
