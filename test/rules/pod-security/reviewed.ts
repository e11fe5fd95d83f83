import { Config } from '../../../src/config/schema.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Review } from '../../../src/model/review.ts';
import { review } from '../../../src/review/review.ts';
import { podSecurityRules } from '../../../src/rules/pod-security/rules.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';

type Files = Readonly<Record<string, string>>;

const NOW = Date.UTC(2026, 0, 15);

/** What the rules of pod security say of a repository. */
export function scanned(files: Files, settings: object = {}): Review {
  const tree = memoryTree(files);
  return run({ after: tree, head: tree }, settings);
}

/** What they say of a change of one. */
export function changed(before: Files, after: Files, settings: object = {}): Review {
  const tree = memoryTree(after);
  return run({ before: memoryTree(before), after: tree, head: tree }, settings);
}

function run(trees: Parameters<typeof review>[0], settings: object): Review {
  const config = Config.parse({ version: 1, ...settings });
  const answer = review(trees, { config, rules: podSecurityRules, now: NOW });
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  return answer;
}

/** `denied pod-security/seccomp apps/web.yaml:7 spec.securityContext`: where and what, in a line. */
export function line({ effect, rule, primary, subject }: Finding): string {
  return `${effect} ${rule} ${primary.path}:${primary.line} ${subject.field}`;
}

/** Findings of the sixteen controls, without the advice about namespaces. */
export function controlLines({ findings }: Review): string[] {
  return findings.filter(({ effect }) => effect !== 'advice' && effect !== 'risk').map(line);
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(labels).map(
    ([key, value]) => `    pod-security.kubernetes.io/${key}: ${value}\n`,
  );
  const block = lines.length > 0 ? `  labels:\n${lines.join('')}` : '';
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${block}`;
}
