import { z } from 'zod';

import { type Identity, toIdentity } from '../git/commit-object.ts';
import { ApiError } from '../http/answer.ts';

/** A person as requests that make commits name them. */
export const Person = z.object({
  name: z.string(),
  email: z.string(),
  date: z.string().optional(),
});

/** A date as people send it: with its offset, which git keeps. */
export function identityOf(
  person: { name: string; email: string; date?: string | undefined },
  now: Date,
): Identity {
  const date = person.date === undefined ? now : new Date(person.date);
  if (Number.isNaN(date.getTime())) throw new ApiError(422, 'Invalid request.\n\nInvalid date.');
  const offset = /([+-]\d\d):?(\d\d)$/.exec(person.date ?? '');
  return {
    ...toIdentity({ name: person.name, email: person.email }, date),
    offset: offset === null ? '+0000' : `${offset[1] ?? ''}${offset[2] ?? ''}`,
  };
}
