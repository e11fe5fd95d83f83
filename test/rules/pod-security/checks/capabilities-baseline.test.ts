import { expect, test } from 'vitest';

import { containersWith, textOf, violationsBy } from '../judge.ts';

function adding(...lists: unknown[]) {
  return { containers: containersWith(...lists.map((add) => ({ capabilities: { add } }))) };
}

test.each([
  ['nothing', adding([], null), 'allowed'],
  ['usual ones', adding(['CHOWN', 'NET_BIND_SERVICE', 'SYS_CHROOT']), 'allowed'],
  [
    'another',
    adding(['SYS_ADMIN']),
    'non-default capabilities (container "a" must not include "SYS_ADMIN" in securityContext.capabilities.add)',
  ],
  [
    'spelled otherwise, null and empty',
    adding(['chown', 'CAP_CHOWN', null, '']),
    'non-default capabilities (container "a" must not include "", "CAP_CHOWN", "chown" in securityContext.capabilities.add)',
  ],
  [
    'several, sorted by bytes',
    adding(['é', '🙂', '\uffee', 'z'], ['CHOWN'], ['z', 'A']),
    'non-default capabilities (containers "a", "c" must not include "A", "z", "é", "\uffee", "🙂" in securityContext.capabilities.add)',
  ],
])('%s', (_, spec, expected) => {
  expect(textOf('capabilities_baseline', spec, 'baseline:v1.0')).toBe(expected);
  expect(textOf('capabilities_baseline', spec, 'restricted:v1.21')).toBe(expected);
  expect(textOf('capabilities_baseline', spec, 'restricted:v1.22')).toBe('allowed');
});

test('is mended item by item: a word where the spelling is wrong, else without', () => {
  const path = ['spec', 'containers', 0, 'securityContext', 'capabilities', 'add'];
  const spec = adding(['CHOWN', 'cap_kill', 'SYS_ADMIN']);
  expect(violationsBy('capabilities_baseline', spec, 'baseline:latest')).toEqual([
    {
      path: [...path, 1],
      container: 'a',
      message: 'Container "a" adds the capability "cap_kill"; it counts only when spelled KILL.',
      fix: [{ path: [...path, 1], set: 'KILL' }],
    },
    {
      path: [...path, 2],
      container: 'a',
      message:
        'Container "a" adds the capability "SYS_ADMIN"; allowed are AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT.',
      fix: [{ path: [...path, 2], remove: true }],
      caution:
        'A program that needs SYS_ADMIN fails at what it needed it for; change the image to do without, or run the pod in a namespace of its own that allows it.',
    },
  ]);
});
