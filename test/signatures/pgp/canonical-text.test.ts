import { expect, it } from 'vitest';

import { toCanonicalText } from '../../../src/signatures/pgp/canonical-text.ts';

it.each([
  ['nothing', '', ''],
  ['no line end', 'a', 'a'],
  ['line feeds', 'a\nb\n', 'a\r\nb\r\n'],
  ['CR LF', 'a\r\nb\r\n', 'a\r\nb\r\n'],
  ['empty lines', '\n\n', '\r\n\r\n'],
  ['a carriage return alone', 'a\rb', 'a\rb'],
  ['two carriage returns, of which the second is taken along', 'a\r\r\n', 'a\r\r\r\n'],
  ['a carriage return at the end', 'a\r', 'a\r'],
])('makes every line end CR LF: %s', (_name, text, expected) => {
  expect(Buffer.from(toCanonicalText(Buffer.from(text))).toString()).toBe(expected);
});
