const HOUR = 60 * 60 * 1000;
/** People without write access may ask this often an hour. */
const QUESTIONS = 5;
/** Beyond this many people, those who asked longest ago are forgotten. */
const MAX_PEOPLE = 10_000;

export interface Allowance {
  /** Whether a person may ask once more. One question asked again, after a failure say, is one. */
  take(person: number, question: string): boolean;
}

/** Counts questions of people without write access, by their numeric id, in this process. */
export function createAllowance(now: () => number = Date.now): Allowance {
  const asked = new Map<number, Map<string, number>>();
  return {
    take(person, question) {
      const since = now() - HOUR;
      const questions = new Map([...(asked.get(person) ?? [])].filter(([, at]) => at > since));
      const isAllowed = questions.has(question) || questions.size < QUESTIONS;
      if (isAllowed && !questions.has(question)) questions.set(question, now());
      asked.delete(person);
      asked.set(person, questions);
      const [oldest] = asked.keys();
      if (asked.size > MAX_PEOPLE && oldest !== undefined) asked.delete(oldest);
      return isAllowed;
    },
  };
}
