import type { Publisher } from './publisher.ts';

/** A publisher where the App may not write checks: what it has to say on lines is still said. */
export function withoutChecks(publisher: Publisher): Publisher {
  const nothing = () => Promise.resolve();
  return {
    announce: nothing,
    conclude: nothing,
    abandon: nothing,
    amend: nothing,
    comment: (pull, head, words) => publisher.comment(pull, head, words),
  };
}
