/** One condition on a label. */
interface Requirement {
  readonly key: string;
  readonly operator: '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<';
  readonly values: readonly string[];
}

/** Whether labels (or annotations) fit a selector. */
export type LabelSelector = (labels: ReadonlyMap<string, string>) => boolean;

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const MAX_NAME = 63;
const MAX_PREFIX = 253;

/**
 * Parses Kubernetes' selector language: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
 *
 * @returns undefined when the text is none; an empty one fits everything
 */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  const tokens = tokenize(text);
  const requirements: Requirement[] = [];
  let at = 0;
  while (at < tokens.length) {
    if (requirements.length > 0) {
      if (tokens[at] !== ',') return undefined;
      at += 1;
    }
    const parsed = parseRequirement(tokens, at);
    if (parsed === undefined) return undefined;
    requirements.push(parsed.requirement);
    at = parsed.next;
  }
  return (labels) => requirements.every((requirement) => fits(requirement, labels));
}

/** Words, and the operators at their longest. */
function tokenize(text: string): string[] {
  return text.match(/==|!=|[=!(),<>]|[^=!(),<>\s]+/g) ?? [];
}

function isWord(token: string | undefined): token is string {
  return token !== undefined && !/^[=!(),<>]/.test(token);
}

function parseRequirement(
  tokens: readonly string[],
  start: number,
): { requirement: Requirement; next: number } | undefined {
  const isNegated = tokens[start] === '!';
  const at = isNegated ? start + 1 : start;
  const key = tokens[at];
  if (!isWord(key) || !isLabelKey(key)) return undefined;
  const sign = tokens[at + 1];
  if (sign === undefined || sign === ',') {
    const operator = isNegated ? '!' : 'exists';
    return { requirement: { key, operator, values: [] }, next: at + 1 };
  }
  if (isNegated) return undefined;
  if (sign === 'in' || sign === 'notin') return parseSet(tokens, at + 2, key, sign);
  const operator = sign === '==' ? '=' : sign;
  if (operator !== '=' && operator !== '!=' && operator !== '>' && operator !== '<') {
    return undefined;
  }
  const word = tokens[at + 2];
  // A missing value is an empty one, before a comma or at the end.
  const value = isWord(word) ? word : '';
  if (word !== undefined && word !== ',' && !isWord(word)) return undefined;
  if (!isLabelValue(value) || (isOrdering(operator) && !isInteger(value))) return undefined;
  const next = isWord(word) ? at + 3 : at + 2;
  return { requirement: { key, operator, values: [value] }, next };
}

function parseSet(
  tokens: readonly string[],
  start: number,
  key: string,
  operator: 'in' | 'notin',
): { requirement: Requirement; next: number } | undefined {
  const end = tokens.indexOf(')', start);
  if (tokens[start] !== '(' || end === -1) return undefined;
  const values: string[] = [];
  let isValueExpected = true;
  for (const token of tokens.slice(start + 1, end)) {
    if (token === ',') {
      if (isValueExpected) values.push('');
      isValueExpected = true;
    } else {
      if (!isValueExpected || !isWord(token)) return undefined;
      values.push(token);
      isValueExpected = false;
    }
  }
  if (isValueExpected) values.push('');
  if (!values.every(isLabelValue)) return undefined;
  return { requirement: { key, operator, values }, next: end + 1 };
}

function isOrdering(operator: string): boolean {
  return operator === '>' || operator === '<';
}

function isInteger(text: string): boolean {
  return /^[-+]?[0-9]{1,19}$/.test(text);
}

function isLabelKey(key: string): boolean {
  const [first = '', second, ...more] = key.split('/');
  if (more.length > 0) return false;
  const name = second ?? first;
  const isPrefixRight = second === undefined || (first.length <= MAX_PREFIX && PREFIX.test(first));
  return isPrefixRight && name.length <= MAX_NAME && NAME.test(name);
}

function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= MAX_NAME && NAME.test(value));
}

function fits(
  { key, operator, values }: Requirement,
  labels: ReadonlyMap<string, string>,
): boolean {
  const value = labels.get(key);
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case '=':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case '>':
    case '<': {
      if (value === undefined || !isInteger(value)) return false;
      const [left, right] = [BigInt(value), BigInt(values[0] ?? '')];
      return operator === '>' ? left > right : left < right;
    }
  }
}
