import { expect, test } from 'vitest';

import { Unknown } from '../../../src/model/located.ts';
import {
  exemptionOf,
  type Exemptions,
  NO_EXEMPTIONS,
  type Requester,
} from '../../../src/rules/pod-security/exemptions.ts';

const exemptions: Exemptions = {
  namespaces: ['kube-system', ''],
  usernames: ['admin', ''],
  runtimeClasses: ['kata', ''],
};

test.each<[Requester, string | undefined]>([
  [{}, undefined],
  [{ namespace: '', username: '', runtimeClass: '' }, undefined],
  [{ namespace: 'kube-system', username: 'admin', runtimeClass: 'kata' }, 'namespace'],
  [{ namespace: 'kube-system-2', username: 'admin', runtimeClass: 'kata' }, 'user'],
  [{ namespace: 'KUBE-SYSTEM', runtimeClass: 'kata' }, 'runtimeClass'],
  [{ runtimeClass: 'gvisor' }, undefined],
  [{ runtimeClass: null }, undefined],
  [{ runtimeClass: new Unknown('comes from outside') }, 'unknown'],
])('%o', (requester, expected) => {
  expect(exemptionOf(exemptions, requester)).toBe(expected);
});

test('where nobody is exempt, nothing hangs on a runtime class', () => {
  expect(exemptionOf(NO_EXEMPTIONS, { runtimeClass: new Unknown('x') })).toBeUndefined();
});
