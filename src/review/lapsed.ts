import { type Fault, isStronger } from '../model/finding.ts';
import type { RuleMeta } from '../rules/rule.ts';
import type { Judged } from './evaluate.ts';

/** Whether a fault that is gone lapsed, judged by all that is found beside it after the change. */
export type IsLapsed = (fault: Fault, beside: readonly Judged[]) => boolean;

/**
 * Tells faults that were mended from those that only ceased to hold: a pod is no longer refused
 * once its namespace enforces nothing, and an exception is no longer needless once something needs
 * it. Nobody is praised for that.
 *
 * @param softened ids of the rules whose findings are advice, whatever they find
 */
export function lapsesOf(rules: readonly RuleMeta[], softened: ReadonlySet<string>): IsLapsed {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const loosenings = new WeakMap<Judged, readonly Fault[]>();
  function loosened(judged: Judged): readonly Fault[] {
    const known =
      loosenings.get(judged) ??
      [...judged.faults.values()].filter(
        ({ rule, effect }) =>
          byId.get(rule)?.loosens === true && (softened.has(rule) || isStronger(effect, 'advice')),
      );
    loosenings.set(judged, known);
    return known;
  }
  return (fault, beside) => {
    const lapses = byId.get(fault.rule)?.lapsesWith;
    if (lapses === undefined) return false;
    if (lapses === 'anything') return true;
    return beside
      .flatMap(loosened)
      .some(({ rule, subject }) => lapses.includes(rule) && isAbout(subject, fault.subject));
  };
}

/**
 * A namespace that is loosened explains what is gone in it, an object what is gone of itself; what
 * is gone of objects of another kind, any.
 */
function isAbout(loosened: Fault['subject'], gone: Fault['subject']): boolean {
  if (loosened.kind === gone.kind) {
    return loosened.name === gone.name && loosened.namespace === gone.namespace;
  }
  return loosened.kind !== 'Namespace' || loosened.name === gone.namespace;
}
