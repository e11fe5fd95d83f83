import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type AdmitCall, admitCommand } from '../../src/cli/admit.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers: [{name: a, securityContext: {privileged: on}}]
`;

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      hostPID: true
      containers: [{name: a}]
`;

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly remarks: readonly string[];
}

async function admit(
  input: string,
  call: Partial<AdmitCall> = {},
  files: readonly string[] = [],
): Promise<Answer> {
  const written: string[] = [];
  const remarks: string[] = [];
  const output = {
    write: (text: string) => void written.push(text),
    remark: (text: string) => void remarks.push(text),
    progress: () => undefined,
    isTerminal: false,
  };
  const whole: AdmitCall = { defaulting: 'server', format: 'pretty', ...call };
  const code = await admitCommand(files, whole, output, () => Promise.resolve(input));
  return { code, out: written.join('\n'), remarks };
}

describe('manifests', () => {
  it('are refused in the words of kubectl', async () => {
    expect(await admit(POD, { level: 'baseline', policyVersion: 'v1.30' })).toEqual({
      code: 1,
      out: [
        'Error from server (Forbidden): error when creating "STDIN": pods "p" is forbidden: violates PodSecurity "baseline:v1.30": privileged (container "a" must not set securityContext.privileged=true)',
        '  STDIN:5: Container "a" is privileged; securityContext.privileged must be false or unset.',
      ].join('\n'),
      remarks: [],
    });
  });

  it('are let in', async () => {
    expect(await admit(POD, { level: 'privileged' })).toMatchObject({
      code: 0,
      out: 'pod/p created',
    });
  });

  it('of workloads are let in, and their pods are not', async () => {
    expect(await admit(WEB, { level: 'baseline' })).toMatchObject({
      code: 1,
      out: [
        'Warning: would violate PodSecurity "baseline:latest": host namespaces (hostPID=true)',
        'deployment.apps/web created',
        '  its pods will be refused: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
        '  STDIN:7: The pod shares the processes of its node; spec.hostPID must be false or unset.',
      ].join('\n'),
    });
  });

  it('are only warned of where the labels say so', async () => {
    const namespaceLabels = ['warn=baseline', 'pod-security.kubernetes.io/warn-version=v1.20'];
    expect(await admit(WEB, { namespaceLabels })).toMatchObject({
      code: 0,
      out: [
        'Warning: would violate PodSecurity "baseline:v1.20": host namespaces (hostPID=true)',
        'deployment.apps/web created',
      ].join('\n'),
    });
  });

  it('are held to the namespaces among them', async () => {
    const namespace = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
`;
    const service = '---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n';
    const { code, out } = await admit(namespace + WEB + service);
    expect(code).toBe(1);
    expect(out).toContain('namespace/shop created');
    expect(out).toContain('its pods will be refused: violates PodSecurity "baseline:latest"');
    expect(out).toContain('1 other object: not judged by Pod Security');
  });

  it('of nowhere are no guess', async () => {
    await expect(admit(WEB)).rejects.toThrow(
      'What is Deployment "web" held to? Give --level or --namespace-labels, or namespace "shop" among the manifests.',
    );
  });

  it('with a wrong type are a bad request', async () => {
    const { code, out } = await admit(POD.replace('on}', '"true"}'), { level: 'privileged' });
    expect([code, out]).toEqual([
      1,
      'Error from server (BadRequest): error when creating "STDIN": Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field SecurityContext.spec.containers.securityContext.privileged of type bool',
    ]);
  });

  it('that are no YAML are told, and the others judged', async () => {
    const { code, out, remarks } = await admit('a: [', { level: 'baseline' });
    expect([code, out, remarks.length]).toEqual([2, '', 1]);
    expect(remarks[0]).toMatch(/^error: STDIN:1: /);
  });

  it.each([
    ['spec: {hostPID: true}', "Object 'Kind' is missing."],
    ['kind: Pod\nspec: {hostPID: true}', "Object 'apiVersion' is missing."],
    ['kind: {}\napiVersion: v1', "Object 'Kind' is missing."],
    ['[{kind: Pod}]', 'this is no object.'],
    ['kind: List\napiVersion: v1\nitems:\n  - spec: {hostPID: true}', "Object 'Kind' is missing."],
    [
      'kind: PodList\napiVersion: v1\nitems:\n  - {kind: Pod, spec: {hostPID: true}}',
      "Object 'apiVersion' is missing.",
    ],
    ['kind: List\napiVersion: v1\nitems: [text]', 'this is no object.'],
  ])('that are no objects are told, and the others judged: %s', async (text, why) => {
    const { code, out, remarks } = await admit(`# none\n---\n${POD}---\n${text}\n`, {
      level: 'privileged',
    });
    expect([code, out]).toEqual([2, 'pod/p created']);
    expect(remarks).toEqual([expect.stringMatching(/^error: STDIN:\d+: /)]);
    expect(remarks[0]).toContain(why);
  });

  it.each([
    ['List', 'kind: Pod, apiVersion: v1, '],
    ['PodList', ''],
    // kubectl goes by the items, whatever the kind is.
    ['ConfigMap', 'kind: Pod, apiVersion: v1, '],
  ])('in a %s are judged one by one', async (kind, fields) => {
    const list = `kind: ${kind}\napiVersion: v1\nitems:\n  - {${fields}metadata: {name: p}, spec: {hostPID: true}}\n`;
    const { code, out } = await admit(list, { level: 'baseline' });
    expect(code).toBe(1);
    expect(out).toContain('pods "p" is forbidden');
  });

  it('come as JSON for programs', async () => {
    const { out } = await admit(POD, { level: 'baseline', format: 'json' });
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      objects: [
        {
          object: { apiVersion: 'v1', kind: 'Pod', name: 'p' },
          path: 'STDIN',
          line: 1,
          accepted: false,
          allowed: false,
          reason: 'Forbidden',
          checks: ['privileged'],
          violations: [{ container: 'a', line: 5 }],
        },
      ],
      problems: [],
    });
  });

  it('cannot reach the terminal', async () => {
    const { out } = await admit(POD.replace('name: p', 'name: "\\e[2Jp"'), { level: 'baseline' });
    expect(out).toContain('pods "\\\\x1b[2Jp" is forbidden'.replace('\\\\', '\\'));
  });

  it.each(['v1', '1.30', 'v1.030', 'newest'])('know no version %s', async (policyVersion) => {
    await expect(admit(POD, { level: 'baseline', policyVersion })).rejects.toThrow(
      'is no policy version',
    );
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fluxgate-admit-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('are read below directories, in order', async () => {
    mkdirSync(join(folder, 'b'));
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, 'b/pod.yaml'), POD);
    writeFileSync(join(folder, 'a.yml'), WEB);
    writeFileSync(join(folder, 'notes.txt'), 'no manifest');
    writeFileSync(join(folder, '.git/pod.yaml'), POD);
    const { out } = await admit('', { level: 'privileged' }, [folder]);
    expect(out).toBe('deployment.apps/web created\npod/p created');
  });

  it('must be there', async () => {
    await expect(admit('', { level: 'baseline' }, [join(folder, 'gone')])).rejects.toThrow(
      'There is no file or directory',
    );
  });
});

describe('lines', () => {
  async function lines(input: string, call: Partial<AdmitCall> = {}) {
    const { code, out } = await admit(input, { format: 'jsonl', defaulting: 'none', ...call });
    return { code, answers: out.split('\n') };
  }

  it('are answered in order, bad ones too', async () => {
    const input = [
      '{"level":"baseline","version":"v1.30","pod":{"spec":{"hostPID":true}}}',
      '{"level":"privileged","version":"latest","pod":{"spec":{"hostPID":true}}}',
      'null',
      '{',
      '',
      '{"level":"Baseline","version":"latest","pod":{}}',
      '{"level":"baseline","version":"v2","pod":{}}',
      '{"level":"baseline","version":"v1.30","pod":[]}',
      '{"level":"baseline","version":"v1.30","pod":{"spec":{"hostPID":"true"}}}',
      '{"level":"restricted","version":"v1.99","pod":{"spec":{"volumes":[{"name":"v"}]}}}',
      '',
    ].join('\n');
    expect(await lines(input)).toEqual({
      code: 1,
      answers: [
        '{"allowed":false,"checks":["hostNamespaces"],"message":"violates PodSecurity \\"baseline:v1.30\\": host namespaces (hostPID=true)"}',
        '{"allowed":true,"checks":[],"message":""}',
        '{"error":"the line is not an object {level, version, pod}"}',
        '{"error":"the line is not JSON"}',
        '{"error":"the line is not JSON"}',
        '{"error":"level must be one of privileged, baseline, restricted"}',
        '{"error":"version must be \\"latest\\" or \\"v1.x\\""}',
        '{"error":"pod must be an object"}',
        '{"allowed":false,"checks":[],"message":"Pod in version \\"v1\\" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.hostPID of type bool"}',
        '{"allowed":false,"checks":["restrictedVolumes"],"message":"violates PodSecurity \\"restricted:v1.99\\": restricted volume types (volume \\"v\\" uses restricted volume type \\"unknown\\")"}',
      ],
    });
  });

  it('may leave to the call what they are held to', async () => {
    const call = { level: 'restricted', policyVersion: 'v1.20', defaulting: 'volumes' } as const;
    expect(await lines('{"pod":{"spec":{"volumes":[{"name":"v"}]}}}', call)).toEqual({
      code: 0,
      answers: ['{"allowed":true,"checks":[],"message":""}'],
    });
  });
});

describe('mending', () => {
  const text = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      hostPID: true # debugging
      containers:
        # the program
        - name: web # front
          image: nginx
          ports: [{ containerPort: 80, hostPort: 80 }]
`;
  it('prints the manifest with all fixes, and says what is left', async () => {
    const { code, out, remarks } = await admit(text, { level: 'restricted', fix: true });
    expect(out).toBe(`# the shop
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      hostPID: true # debugging
      containers:
        # the program
        - name: web # front
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
          image: nginx
          ports: [{ containerPort: 80 }]
`);
    expect(code).toBe(1);
    expect(remarks.filter((remark) => remark.includes('not mended'))).toEqual([
      'STDIN:12: not mended: The pod shares the processes of its node; spec.hostPID must be false or unset. Only its author knows whether the program works without the processes of the node.',
    ]);
    expect(remarks.join('\n')).toContain(
      'Here container "web" declares port 80: let the image listen on a high port, and the Service map it.',
    );
  });

  it('exits 0 when everything passes then, and leaves alone what passed', async () => {
    const weak = text.replace('      hostPID: true # debugging\n', '');
    const mended = await admit(weak, { level: 'restricted', fix: true });
    expect(mended.code).toBe(0);
    const again = await admit(mended.out, { level: 'restricted', fix: true });
    expect(again).toMatchObject({ code: 0, out: mended.out, remarks: [] });
  });

  it('mends the objects of one file and joins several files', async () => {
    const two = `${POD}---\n${POD.replace('name: p', 'name: q')}`;
    const { out } = await admit(two, { level: 'baseline', fix: true });
    expect(out).toBe(two.replaceAll('privileged: on', 'privileged: false'));
  });

  it('goes with no format, and says what cannot be read', async () => {
    await expect(admit(POD, { level: 'baseline', fix: true, format: 'json' })).rejects.toThrow(
      '--fix prints manifests: it goes with no --format.',
    );
    expect((await admit('a: [', { level: 'baseline', fix: true })).code).toBe(2);
  });
});
