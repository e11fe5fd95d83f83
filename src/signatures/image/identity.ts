import { RE2JS } from 're2js';

import type { IdentityPattern, TextPattern } from '../../model/image.ts';
import { matchesWildcard } from '../../model/wildcard.ts';

/** Whom a certificate names. Verified by Fulcio, chosen by whoever asked for it. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** `loose`: matches only because a pattern is not anchored at both ends. */
export type IdentityMatch = 'exact' | 'loose' | 'none';

const LONGEST = 4000;

/** Matches as the engines do: names whole, regular expressions anywhere in the text. */
export function matchIdentity(patterns: readonly IdentityPattern[], who: Identity): IdentityMatch {
  if (patterns.length === 0) return 'loose';
  const answers = patterns.map(({ issuer, subject }) =>
    weaker(matchText(issuer, who.issuer), matchText(subject, who.subject)),
  );
  if (answers.includes('exact')) return 'exact';
  return answers.includes('loose') ? 'loose' : 'none';
}

function weaker(one: IdentityMatch, other: IdentityMatch): IdentityMatch {
  if (one === 'none' || other === 'none') return 'none';
  return one === 'loose' ? one : other;
}

function matchText(pattern: TextPattern | undefined, text: string): IdentityMatch {
  if (pattern === undefined) return 'loose';
  if (text.length > LONGEST || pattern.text.length > LONGEST) return 'none';
  switch (pattern.how) {
    case 'exact':
      return pattern.text === text ? 'exact' : 'none';
    case 'wildcard':
      return matchesWildcard(pattern.text, text) ? 'exact' : 'none';
    case 'regex': {
      const expression = toExpression(pattern.text);
      if (!expression?.matcher(text).find()) return 'none';
      return toExpression(`(?:${pattern.text})`)?.matches(text) ? 'exact' : 'loose';
    }
  }
}

function toExpression(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}
