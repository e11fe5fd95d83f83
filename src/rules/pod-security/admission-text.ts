import { type Evaluation, forbiddenBy, refusalOf } from './evaluate.ts';
import { goQuote } from './go-quote.ts';
import { policyText } from './policy.ts';

/**
 * The words of admission, byte for byte. They hold text of the manifest as it is: whoever shows
 * them escapes them.
 */

/** All refusals with their details: `privileged (container "a" must not …), hostPort (…)`. */
export function findingsText(evaluation: Evaluation): string {
  return forbiddenBy(evaluation)
    .map(refusalOf)
    .map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`))
    .join(', ');
}

/** All refusals without their details, as the re-check of a namespace's pods tells them. */
export function reasonsText(evaluation: Evaluation): string {
  return forbiddenBy(evaluation)
    .map((result) => refusalOf(result).reason)
    .join(', ');
}

/** What enforce answers, without the object: `violates PodSecurity "restricted:latest": …`. */
export function denialText(evaluation: Evaluation): string {
  return `violates ${violatedText(evaluation)}`;
}

/** What audit records and warn tells: `would violate PodSecurity "restricted:latest": …`. */
export function warningText(evaluation: Evaluation): string {
  return `would violate ${violatedText(evaluation)}`;
}

function violatedText(evaluation: Evaluation): string {
  return `PodSecurity "${policyText(evaluation.policy)}": ${findingsText(evaluation)}`;
}

/**
 * The whole refusal of a pod: `pods "web" is forbidden: violates …`.
 *
 * @param name empty for a pod that gets its name only later (`generateName`)
 */
export function podForbiddenText(name: string, evaluation: Evaluation): string {
  const pods = name === '' ? 'pods' : `pods ${goQuote(name)}`;
  return `${pods} is forbidden: ${denialText(evaluation)}`;
}
