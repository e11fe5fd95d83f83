import { describe, expect, it } from 'vitest';

import { applyEdits } from '../../../src/yaml/edit.ts';
import { controlLines, namespace, scanned } from './reviewed.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # front
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: web # the program
          image: web
        - name: side
          image: side
          securityContext:
`;

describe('the fixes of an object', () => {
  const files = {
    'a/ns.yaml': namespace('shop', { enforce: 'baseline', warn: 'restricted' }),
    'a/web.yaml': WEB.replace('image: web\n', 'image: web\n          ports: [{ hostPort: 80 }]\n'),
  };
  it('can be made at once, whatever lines they share', () => {
    const { findings } = scanned(files);
    const told = findings.filter(({ effect }) => effect === 'denied' || effect === 'warned');
    expect(told.map(({ effect }) => effect)).toContain('denied');
    const [first, ...others] = told.map(({ remedy }) => remedy?.together);
    for (const other of others) expect(other).toEqual(first);
    const text = applyEdits(files['a/web.yaml'], first ?? []);
    expect(text).toMatchInlineSnapshot(`
      "apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web # front
        namespace: shop
      spec:
        template:
          spec:
            securityContext:
              runAsNonRoot: true
              seccompProfile:
                type: RuntimeDefault
            containers:
              - name: web # the program
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop: [ALL]
                image: web
                ports: [{}]
              - name: side
                image: side
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
      "
    `);
    expect(controlLines(scanned({ ...files, 'a/web.yaml': text }))).toEqual([]);
  });

  it('are told once where there is one', () => {
    const pod = WEB.replace('    spec:\n', '    spec:\n      hostPID: true\n');
    const held = {
      ...files,
      'a/ns.yaml': namespace('shop', { enforce: 'baseline' }),
      'a/web.yaml': pod,
    };
    const [only] = scanned(held).findings.filter(({ effect }) => effect === 'denied');
    expect(only?.remedy).toMatchObject({ edits: [], fields: [] });
    expect(only?.remedy).not.toHaveProperty('together');
  });
});
