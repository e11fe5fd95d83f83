import type { Resource } from '../model/resource.ts';
import { placeOf } from '../model/field-path.ts';
import { applyEdits, toJointEdits } from '../yaml/edit.ts';
import type { ObjectAnswer } from './admit-object.ts';
import { type InputText, toManifests } from './manifest-input.ts';

/** A text with the fixes of all of its pods made, and what is left to say. */
export interface MendedText {
  readonly name: string;
  readonly text: string;
  /** For people, one line each: what no edit can fix, and what to look at before rolling it out. */
  readonly remarks: readonly string[];
  /** Whether everything in it is let in now. */
  readonly isAllowed: boolean;
}

/**
 * Makes the fixes of each object, one object after the other: comments and formatting of the rest
 * stay as they are.
 */
export function mendText(
  input: InputText,
  answerTo: (resource: Resource) => ObjectAnswer | undefined,
): MendedText {
  const { name } = input;
  let { text } = input;
  const count = toManifests(input).resources.length;
  const remarks = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const resource = toManifests({ name, text }).resources[index];
    const answer = resource && answerTo(resource);
    if (resource === undefined || answer === undefined) continue;
    const changes = answer.violations.flatMap(({ fix }) => fix ?? []);
    if (changes.length > 0) text = applyEdits(text, toJointEdits(resource.root, changes));
    for (const { caution } of answer.violations) {
      if (caution !== undefined) remarks.add(`${name}: before you roll it out: ${caution}`);
    }
  }
  const after = toManifests({ name, text }).resources.flatMap(
    (resource) => answerTo(resource) ?? [],
  );
  for (const { resource, violations, allowed, message } of after) {
    for (const { path, message: left, cannotFix } of violations) {
      const { line } = placeOf(resource.root, path);
      remarks.add(
        `${name}:${line}: not mended: ${left} ${cannotFix ?? 'No edit of this text can.'}`,
      );
    }
    if (!allowed && violations.length === 0) {
      const { line } = placeOf(resource.root, []);
      remarks.add(`${name}:${line}: not mended: ${message || 'its pods are not known here.'}`);
    }
  }
  return { name, text, remarks: [...remarks], isAllowed: after.every(({ allowed }) => allowed) };
}
