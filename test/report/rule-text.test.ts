import { expect, it } from 'vitest';

import { whyOf } from '../../src/report/rule-text.ts';
import { rules } from '../../src/rules/index.ts';

it('says why in one sentence that is cut nowhere inside of code', () => {
  const cut = rules.filter(({ id }) => whyOf(id, rules).split('`').length % 2 === 0);
  expect(cut.map(({ id }) => id)).toEqual([]);
  expect(whyOf('pod-security/running-as-non-root-user', rules)).toBe(
    '`runAsUser: 0` is root, whatever `runAsNonRoot` promises.',
  );
});
