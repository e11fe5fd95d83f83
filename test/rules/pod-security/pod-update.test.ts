import { expect, test } from 'vitest';

import { isJudgedUpdate } from '../../../src/rules/pod-security/pod-update.ts';

const app = { name: 'a', image: 'i:1' };

test.each([
  ['nothing changed', {}, {}, false],
  ['an image', { containers: [{ ...app, image: 'i:2' }] }, {}, true],
  [
    'an image of an init container',
    { initContainers: [app] },
    { initContainers: [{ ...app, image: '' }] },
    true,
  ],
  ['one more container', { containers: [app, app] }, {}, true],
  ['one fewer init container', { initContainers: null }, { initContainers: [app] }, true],
  ['the name of a container', { containers: [{ ...app, name: 'b' }] }, {}, false],
  ['the network of the host', { hostNetwork: true }, {}, false],
  ['a new ephemeral container', { ephemeralContainers: [app] }, {}, true],
  [
    'the image of an ephemeral container',
    { ephemeralContainers: [{ name: 'a', image: 'i:2' }] },
    { ephemeralContainers: [app] },
    true,
  ],
  ['an ephemeral container gone', {}, { ephemeralContainers: [app] }, false],
  [
    'the order of ephemeral containers',
    { ephemeralContainers: [{ name: 'b' }, app] },
    { ephemeralContainers: [app, { name: 'b' }] },
    false,
  ],
])('%s', (_, after, before, expected) => {
  const spec = { containers: [app] };
  expect(isJudgedUpdate({ spec: { ...spec, ...after } }, { spec: { ...spec, ...before } })).toBe(
    expected,
  );
});
