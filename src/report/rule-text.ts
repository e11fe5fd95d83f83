import { code } from './escape.ts';

/** What a page says of a rule beside its findings; the caller knows the rules. */
export interface RuleText {
  readonly id: string;
  readonly title: string;
  readonly docs: {
    /** One paragraph; its first sentence tells why a finding matters. */
    readonly protects: string;
  };
}

/** The rules that a page speaks of. */
export type RuleTexts = readonly RuleText[];

const PAGES = 'https://github.com/fluxgate/fluxgate/blob/main/docs/rules';

/** A noun phrase for headings. Our own text; the id where a rule is not known. */
export function titleOfRule(id: string, rules: RuleTexts): string {
  return rules.find((rule) => rule.id === id)?.title ?? code(id);
}

/** Why a finding of the rule matters, one sentence of our own; empty where that is not known. */
export function whyOf(id: string, rules: RuleTexts): string {
  const protects = rules.find((rule) => rule.id === id)?.docs.protects ?? '';
  return /^(?:`[^`]*`|[^`])*?[.:](?=\s|$)/.exec(protects)?.[0].replace(/:$/, '.') ?? protects;
}

/** Where a rule is explained: its page, and the command that says the same. */
export function explainLine(id: string): string {
  return `<sub>[${code(id)}](${PAGES}/${encodeURI(id)}.md) · ${code(`fluxgate explain ${id}`)}</sub>`;
}
