import { describe, expect, it } from 'vitest';

import type { ChangedFile } from '../../src/model/report.ts';
import { reportWithSuggestions } from '../../src/review/report.ts';
import { reviewBySettings } from '../../src/review/settings.ts';
import { applyEdits } from '../../src/review/suggestions.ts';
import { podSecurityRules } from '../../src/rules/pod-security/rules.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: web
  labels:
    pod-security.kubernetes.io/enforce: baseline
    pod-security.kubernetes.io/enforce-version: v1.30
    pod-security.kubernetes.io/audit: baseline
    pod-security.kubernetes.io/audit-version: v1.30
    pod-security.kubernetes.io/warn: baseline
    pod-security.kubernetes.io/warn-version: v1.30
`;

function deployment(security: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: front, namespace: web }
spec:
  selector: { matchLabels: { app: front } }
  template:
    metadata: { labels: { app: front } }
    spec:
      containers:
        - name: app
          image: example.org/app:1
${security}`;
}

const GOOD = deployment('');
const PATH = 'web.yaml';

function reported(after: string, clock: () => number = () => 0, before = GOOD) {
  const namespace = { 'namespace.yaml': NAMESPACE };
  const tree = memoryTree({ ...namespace, [PATH]: after });
  const trees = { before: memoryTree({ ...namespace, [PATH]: before }), after: tree, head: tree };
  const options = { files: {}, rules: podSecurityRules, now: Date.UTC(2026, 0, 15) };
  const answer = reviewBySettings(trees, options);
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  const lines = after.split('\n').length;
  const files: ChangedFile[] = [{ path: PATH, patch: `@@ -1,1 +1,${lines} @@` }];
  return { report: reportWithSuggestions(answer, trees, options, files, clock), review: answer };
}

const PRIVILEGED = deployment('          securityContext:\n            privileged: true # debug\n');

/** The lines of a comment's suggestion. */
function suggested(body: string): string | undefined {
  return /^(`{3,})suggestion\n([\s\S]*?)^\1$/m.exec(body)?.[2];
}

describe('a suggestion', () => {
  it('mends what its comment speaks of, applied word by word', () => {
    const { report } = reported(PRIVILEGED);
    expect(report.comments).toHaveLength(1);
    const [comment] = report.comments;
    const lines = suggested(comment?.body ?? '');
    expect(lines).toMatchInlineSnapshot(`
      "            privileged: false # debug
      "
    `);
    const edit = {
      path: PATH,
      line: comment?.startLine ?? comment?.line ?? 0,
      endLine: comment?.line ?? 0,
      lines: (lines ?? '').replace(/\n$/, '').split('\n'),
    };
    expect(reported(applyEdits(PRIVILEGED, [edit])).report.comments).toEqual([]);
  });

  it('is not made of more than a comment has room for', () => {
    const long = `          env: [{ name: A, value: ${'x'.repeat(12_000)} }]`;
    const at = `          securityContext: { privileged: true, ${'x'.repeat(11_000)}: 1 }\n`;
    for (const security of [
      at,
      `          securityContext:\n            privileged: true\n${long}\n`,
    ]) {
      const { report } = reported(deployment(security));
      expect(report.comments).toHaveLength(1);
      const isNear = security === at;
      expect(suggested(report.comments[0]?.body ?? '') === undefined).toBe(isNear);
    }
  });

  it('mends several faults of two containers with one comment', () => {
    const two = deployment(
      '          securityContext:\n            privileged: true\n        - name: helper\n          image: example.org/app:1\n          securityContext:\n            privileged: true\n',
    );
    const { report } = reported(two);
    expect(report.comments).toHaveLength(1);
    expect(report.comments[0]?.body).toMatchInlineSnapshot(`
      "**The cluster will refuse the pods of \`web/front\`.** The level is \`baseline:v1.30\`.

      - Container "app" is privileged; securityContext\\.privileged must be false or unset\\. The Deployment itself is accepted, but its ReplicaSet's pods will be refused\\.
      - Container "helper" is privileged; securityContext\\.privileged must be false or unset\\. The Deployment itself is accepted, but its ReplicaSet's pods will be refused\\.

      **Fix:** Set securityContext\\.privileged of container "app" to false\\. Set securityContext\\.privileged of container "helper" to false\\.

      \`\`\`suggestion
                  privileged: false
              - name: helper
                image: example.org/app:1
                securityContext:
                  privileged: false
      \`\`\`

      **Before you commit it:** A program that changes the node or reads its devices stops working without privileges; give it the one capability, device plugin or CSI driver it needs, or run it in a namespace of its own that allows it\\.

      <details><summary>Exact text</summary>

      \`\`\`
      violates PodSecurity "baseline:v1.30": privileged (containers "app", "helper" must not set securityContext.privileged=true)
      \`\`\`

      </details>

      <sub>[\`pod-security/privileged-containers\`](https://github.com/fluxgate/fluxgate/blob/main/docs/rules/pod-security/privileged-containers.md) · \`fluxgate explain pod-security/privileged-containers\`</sub>"
    `);
  });

  it('writes the level that a misspelt label means', () => {
    const shop = NAMESPACE.replace('name: web', 'name: shop');
    const misspelt = shop.replace('enforce: baseline', 'enforce: baselin');
    const { report } = reported(misspelt, undefined, shop);
    expect(report.comments).toHaveLength(1);
    expect(suggested(report.comments[0]?.body ?? '')).toBe(
      '    pod-security.kubernetes.io/enforce: baseline\n',
    );
  });

  it('is not made when there is no time to try it', () => {
    let time = 0;
    const { report } = reported(PRIVILEGED, () => (time += 10_000));
    expect(report.comments).toHaveLength(1);
    expect(suggested(report.comments[0]?.body ?? '')).toBeUndefined();
  });

  it('is not made of text that nobody can see', () => {
    const hidden = deployment(
      '          securityContext:\n            privileged: true # \u202e debug\n',
    );
    const { report } = reported(hidden);
    expect(suggested(report.comments[0]?.body ?? '')).toBeUndefined();
  });
});

it('says a finding once: in a comment or an annotation', () => {
  const { report, review } = reported(PRIVILEGED);
  const commented = report.comments.flatMap(({ fingerprints }) => fingerprints);
  const annotated = report.checks.flatMap(({ annotations }) => annotations);
  const introduced = review.findings.filter(({ change }) => change === 'introduced');
  expect(commented.length + annotated.length).toBe(introduced.length);
});
