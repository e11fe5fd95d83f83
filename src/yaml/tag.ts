import { type PlainScalar, resolvePlain, type ScalarRules } from './scalar.ts';

/**
 * The value of a scalar with an explicit tag. Tags of other namespaces (`!vault`) say nothing to
 * Kubernetes; their text is kept, as Go keeps it.
 *
 * @returns undefined when the text is no value of the tag
 */
export function resolveTagged(
  text: string,
  tag: string,
  rules: ScalarRules,
  plain: boolean,
): PlainScalar | undefined {
  switch (tag.replace(/^(?:!!|!<tag:yaml\.org,2002:)/, '').replace(/>$/, '')) {
    case 'int': {
      const value = resolvePlain(text, rules);
      return typeof value === 'bigint' || Number.isSafeInteger(value) ? value : undefined;
    }
    case 'float': {
      const value = resolvePlain(text, rules);
      return typeof value === 'number' ? value : undefined;
    }
    case 'bool': {
      // A bool tag reads the words of YAML 1.1 in both readers.
      const value = resolvePlain(text, 'go-yaml-v2');
      return typeof value === 'boolean' ? value : undefined;
    }
    case 'null':
      return resolvePlain(text, rules) === null ? null : undefined;
    case 'binary':
      return Buffer.from(text, 'base64').toString('utf8');
    case 'timestamp':
      return plain ? resolvePlain(text, rules) : text;
    default:
      return text;
  }
}
