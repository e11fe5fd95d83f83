import { Config } from '../../../src/config/schema.ts';
import { type Facts, keyOfRequest } from '../../../src/model/evidence.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Review } from '../../../src/model/review.ts';
import { review } from '../../../src/review/review.ts';
import { imagePolicyRules } from '../../../src/rules/image-policy/rules.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';

type Files = Readonly<Record<string, string>>;

const NOW = Date.UTC(2026, 0, 15);

/** What the rules of image policy say of a repository, or of a change of one. */
export function reviewed(
  after: Files,
  { before, settings = {}, facts }: { before?: Files; settings?: object; facts?: Facts } = {},
): Review {
  const tree = memoryTree(after);
  const trees = { ...(before && { before: memoryTree(before) }), after: tree, head: tree };
  const config = Config.parse({ version: 1, ...settings });
  const options = { config, rules: imagePolicyRules, now: NOW, ...(facts && { facts }) };
  let answer = review(trees, options);
  if ('wanted' in answer) {
    const asked = new Set(answer.wanted.evidence.map(keyOfRequest));
    answer = review(trees, { ...options, asked });
  }
  if ('wanted' in answer) throw new Error(`Wanted: ${JSON.stringify(answer.wanted.evidence)}`);
  return answer;
}

/** A HelmRelease with more fields of its spec, in the file of it. */
export function release(spec: string): Files {
  return {
    'apps/release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  chartRef: { kind: OCIRepository, name: web }
${spec.replace(/^(?=.)/gm, '  ')}
`,
  };
}

/** `risk open-range production/a.yaml:9`: what and where, in a line. */
export function line({ effect, rule, primary }: Finding): string {
  return `${effect} ${rule.replace('image-policy/', '')} ${primary.path}:${primary.line}`;
}
