import { placeOf } from '../model/field-path.ts';
import { toVisible as visible } from '../report/escape.ts';
import type { Colours } from '../report/pretty.ts';
import { kubectlName, type ObjectAnswer } from './admit-object.ts';

/** For programs; `docs/admit.md` says what the fields mean. */
export function toJson(answers: readonly ObjectAnswer[], problems: readonly string[]): object {
  return {
    version: 1,
    objects: answers.map(({ resource, violations, ...answer }) => {
      const { apiVersion, kind, namespace, name, root } = resource;
      const { path, line } = placeOf(root, []);
      return {
        object: { apiVersion, kind, ...(namespace !== undefined && { namespace }), name },
        path,
        line,
        ...answer,
        violations: violations.map((violation) => ({
          ...violation,
          line: placeOf(root, violation.path).line,
        })),
      };
    }),
    problems,
  };
}

/** What `kubectl apply` prints, and below it, set apart, what it does not tell. */
export function renderAnswers(
  answers: readonly ObjectAnswer[],
  others: number,
  colours: Colours,
): string {
  const lines = answers.flatMap((answer) => renderAnswer(answer, colours));
  if (others > 0)
    lines.push(
      colours.dim(
        `${others} other ${others === 1 ? 'object' : 'objects'}: not judged by Pod Security`,
      ),
    );
  return lines.join('\n');
}

function renderAnswer(answer: ObjectAnswer, { red, yellow, dim }: Colours): string[] {
  const { resource, warnings, message, reason } = answer;
  const lines = warnings.map((text) => yellow(`Warning: ${toVisible(text)}`));
  if (answer.accepted) lines.push(`${toVisible(kubectlName(resource))} created`);
  else if (reason === 'Invalid') lines.push(red(`The ${toVisible(message)}`));
  else {
    const file = placeOf(resource.root, []).path;
    lines.push(
      red(
        `Error from server (${reason ?? 'Forbidden'}): error when creating ${JSON.stringify(file)}: ${toVisible(message)}`,
      ),
    );
  }
  if (answer.accepted && !answer.allowed) {
    lines.push(
      message === ''
        ? yellow('  its pods: not known, since their containers are made by a controller')
        : red(`  its pods will be refused: ${toVisible(message)}`),
    );
  }
  for (const violation of answer.violations) {
    const { path, line } = placeOf(resource.root, violation.path);
    lines.push(dim(`  ${toVisible(`${path}:${line}: ${violation.message}`)}`));
  }
  return lines;
}

/** Text of a manifest must not move a terminal's cursor; nothing of it is left out. */
function toVisible(text: string): string {
  return visible(text, Infinity);
}
