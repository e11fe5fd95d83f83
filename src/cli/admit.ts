import { toPlain } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { toVisible } from '../report/escape.ts';
import type { Defaulting } from '../rules/pod-security/defaulting.ts';
import type { Level } from '../rules/pod-security/level.ts';
import {
  labelKey,
  type Labels,
  MODES,
  type NamespacePolicy,
  resolveNamespacePolicy,
} from '../rules/pod-security/namespace-policy.ts';
import { readNamespace } from '../rules/pod-security/namespace.ts';
import { parseVersion } from '../rules/pod-security/version.ts';
import { mendText } from './admit-fix.ts';
import { admitLine, type LineAnswer } from './admit-lines.ts';
import { admitNamespace, admitObject, type ObjectAnswer } from './admit-object.ts';
import { renderAnswers, toJson } from './admit-print.ts';
import {
  type InputText,
  type ReadStandardInput,
  readStandardInput,
  readTexts,
  toManifests,
} from './manifest-input.ts';
import { coloursOf, type Output, UsageError } from './output.ts';

export const ADMIT_FORMATS = ['pretty', 'json', 'jsonl'] as const;

export interface AdmitCall {
  readonly level?: Level;
  readonly policyVersion?: string;
  /** `KEY=VALUE`, each; keys with or without `pod-security.kubernetes.io/`. */
  readonly namespaceLabels?: readonly string[];
  readonly defaulting: Defaulting;
  readonly format: (typeof ADMIT_FORMATS)[number];
  /** Print the manifests with all fixes made, instead of the answers. */
  readonly fix?: true;
}

/**
 * `fluxgate admit`: what the API server would answer to these manifests.
 *
 * @returns 0 when all is let in, pods of workloads too; 1 when something is not; 2 when something
 *   could not be read
 */
export async function admitCommand(
  files: readonly string[],
  call: AdmitCall,
  output: Output,
  readStandard: ReadStandardInput = readStandardInput,
): Promise<number> {
  const version = call.policyVersion;
  if (version !== undefined && parseVersion(version) === undefined) {
    throw new UsageError(`${JSON.stringify(version)} is no policy version: write latest or v1.35.`);
  }
  const labels = labelsOf(call);
  // The option takes all that follows it, which may be files.
  const more = (call.namespaceLabels ?? []).filter((value) => !value.includes('='));
  const texts = await readTexts([...files, ...more], readStandard);
  if (call.fix && call.format !== 'pretty') {
    throw new UsageError('--fix prints manifests: it goes with no --format.');
  }
  if (call.format === 'jsonl') return admitLines(texts, call, output);
  const read = texts.map((text) => ({ name: text.name, ...toManifests(text) }));
  const resources = read.flatMap(({ resources: some }) => some);
  const policyOf = policies(labels, resources);
  const answers = resources.map((resource) => answerTo(resource, policyOf, call.defaulting));
  const judged = answers.filter((answer) => answer !== undefined);
  const problems = read.flatMap(({ problem }) => problem ?? []);
  if (call.fix) {
    const mended = texts.map((text) =>
      mendText(text, (resource) => answerTo(resource, policyOf, call.defaulting)),
    );
    output.write(joined(mended.map(({ text }) => text)));
    for (const remark of mended.flatMap(({ remarks }) => remarks))
      output.remark(toVisible(remark, Infinity));
    for (const problem of problems) output.remark(`error: ${problem}`);
    if (problems.length > 0) return 2;
    return mended.every(({ isAllowed }) => isAllowed) ? 0 : 1;
  }
  if (call.format === 'json') output.write(JSON.stringify(toJson(judged, problems), null, 2));
  else {
    const others = answers.length - judged.length;
    output.write(renderAnswers(judged, others, coloursOf(output)));
  }
  for (const problem of problems) output.remark(`error: ${problem}`);
  if (problems.length > 0) return 2;
  return judged.every(({ allowed }) => allowed) ? 0 : 1;
}

/** Several files as one stream of documents. */
function joined(texts: readonly string[]): string {
  return texts
    .map((text, at) => (at === 0 || /^---(?:\s|$)/m.test(text.slice(0, 4)) ? text : `---\n${text}`))
    .map((text) => (text.endsWith('\n') ? text : `${text}\n`))
    .join('');
}

/** The labels that the call gives the namespace; undefined where it gives none. */
function labelsOf({ level, policyVersion, namespaceLabels = [] }: AdmitCall): Labels | undefined {
  const labels: Record<string, string> = {};
  if (level !== undefined) labels[labelKey('enforce')] = level;
  if (policyVersion !== undefined) labels[labelKey('enforce', 'version')] = policyVersion;
  for (const pair of namespaceLabels) {
    const at = pair.indexOf('=');
    if (at === -1) continue;
    if (at === 0) throw new UsageError(`${JSON.stringify(pair)} is no label: write KEY=VALUE.`);
    labels[fullKey(pair.slice(0, at))] = pair.slice(at + 1);
  }
  if (level === undefined && namespaceLabels.length === 0) return undefined;
  return labels;
}

const SHORT_KEYS = new Map(
  MODES.flatMap((mode) => [
    [mode as string, labelKey(mode)] as const,
    [`${mode}-version`, labelKey(mode, 'version')] as const,
  ]),
);

function fullKey(key: string): string {
  return SHORT_KEYS.get(key) ?? key;
}

type PolicyOf = (resource: Resource) => NamespacePolicy;

/** The policy that an object is held to: of the call, else of its Namespace among the input. */
function policies(labels: Labels | undefined, resources: readonly Resource[]): PolicyOf {
  if (labels !== undefined) {
    const policy = resolveNamespacePolicy(labels);
    return () => policy;
  }
  const given = new Map<string, NamespacePolicy>();
  for (const resource of resources.filter(isNamespace)) {
    const reading = readNamespace(toPlain(resource.root));
    given.set(resource.name, resolveNamespacePolicy(reading.labels));
  }
  return ({ kind, name, namespace = 'default' }) => {
    const policy = given.get(namespace);
    if (policy !== undefined) return policy;
    throw new UsageError(
      `What is ${kind} ${JSON.stringify(name)} held to? Give --level or --namespace-labels, or namespace ${JSON.stringify(namespace)} among the manifests.`,
    );
  };
}

function isNamespace({ apiVersion, kind }: Resource): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

function answerTo(
  resource: Resource,
  policyOf: PolicyOf,
  defaulting: Defaulting,
): ObjectAnswer | undefined {
  if (isNamespace(resource)) return admitNamespace(resource);
  return admitObject(resource, policyOf, defaulting);
}

const LINES_AT_ONCE = 1000;

function admitLines(texts: readonly InputText[], call: AdmitCall, output: Output): number {
  const defaults = {
    level: call.level,
    version: call.policyVersion ?? 'latest',
    defaulting: call.defaulting,
  };
  let allAllowed = true;
  let pending: LineAnswer[] = [];
  function flush(): void {
    if (pending.length > 0) output.write(pending.map((item) => JSON.stringify(item)).join('\n'));
    pending = [];
  }
  for (const { text } of texts) {
    for (const line of linesOf(text)) {
      const answer = admitLine(line, defaults);
      allAllowed &&= 'allowed' in answer && answer.allowed;
      pending.push(answer);
      if (pending.length >= LINES_AT_ONCE) flush();
    }
  }
  flush();
  return allAllowed ? 0 : 1;
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(start, end);
    start = end + 1;
  }
}
