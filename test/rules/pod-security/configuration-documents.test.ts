import { describe, expect, it } from 'vitest';

import { readConfigurationFile } from '../../../src/rules/pod-security/configuration-file.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';

/*
 * Measured with the code of the API server itself, v0.37.2 of the three modules: `admission.
 * ReadAdmissionConfiguration(["PodSecurity"], file, scheme)` of k8s.io/apiserver, `ConfigFor`, and
 * `load.LoadFromReader` of k8s.io/pod-security-admission. Only the first document of a file is
 * read, whatever follows. The reader is the same from v1.22 on, where it was less strict.
 */

const POD_SECURITY =
  'apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\ndefaults: {enforce: baseline}\n';
const HEAD = 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n';
const INLINE = `${HEAD}plugins:\n- name: PodSecurity\n  configuration:\n    ${POD_SECURITY.trimEnd().replaceAll('\n', '\n    ')}\n`;
const BY_PATH = `${HEAD}plugins:\n- name: PodSecurity\n  path: ps.yaml\n`;

/** What the cluster enforces where labels say nothing; `refused` where no API server starts. */
function enforced(admission: string, podSecurity = ''): string {
  const tree = memoryTree({ 'etc/admission.yaml': admission, 'etc/ps.yaml': podSecurity });
  const { configuration, errors } = readConfigurationFile(tree, 'etc/admission.yaml');
  if (configuration) return configuration.defaults.enforce.level;
  return errors.every(({ isElsewhere }) => isElsewhere) ? 'unknown' : 'refused';
}

describe('documents of an AdmissionConfiguration', () => {
  it.each([
    ['one', INLINE, 'baseline'],
    // As AdmissionConfiguration: Object 'Kind' is missing. As PodSecurityConfiguration: privileged.
    ['no byte', '', 'unknown'],
    ['a comment', '# nothing\n', 'refused'],
    ['a mark', '---\n', 'refused'],
    ['null', 'null\n', 'refused'],
    ['an empty map', '{}\n', 'refused'],
    ['a text', 'hello\n', 'refused'],
    ['a list', '[]\n', 'refused'],
    ['a second of another kind', `${INLINE}---\n${POD_SECURITY}`, 'baseline'],
    ['a second of the same kind', `${INLINE}---\n${BY_PATH}`, 'baseline'],
    ['a mark before', `---\n${INLINE}`, 'baseline'],
    ['a comment and a mark before', `# c\n---\n${INLINE}`, 'baseline'],
    ['a comment behind the mark', `--- # c\n${INLINE}`, 'baseline'],
    ['a directive', `%YAML 1.1\n---\n${INLINE}`, 'baseline'],
    [
      'carriage returns',
      `# c\r\n\r\n---\r\n${INLINE.replaceAll('\n', '\r\n')}---\r\n@a`,
      'baseline',
    ],
    ['a byte order mark', `\ufeff${INLINE}`, 'baseline'],
    ['an empty one before', `---\n---\n${INLINE}`, 'refused'],
    ['another one before', `a: b\n---\n${INLINE}`, 'refused'],
    // Refused as AdmissionConfiguration; by its kind it is meant as what that names.
    ['a PodSecurityConfiguration before', `${POD_SECURITY}---\n${INLINE}`, 'baseline'],
    ['an end before', `...\n---\n${INLINE}`, 'refused'],
    ['a mark behind', `${INLINE}---\n`, 'baseline'],
    ['a mark at the very end', `${INLINE}---`, 'baseline'],
    ['an end behind', `${INLINE}...\n`, 'baseline'],
    ['garbage behind the end', `${INLINE}...\n}}}\n`, 'baseline'],
    ['a second that does not parse', `${INLINE}---\n{: [\n`, 'baseline'],
    ['a second with a key twice', `${INLINE}---\na: 1\na: 2\n`, 'baseline'],
    ['a second on the line of its mark', `${INLINE}--- @a\n`, 'baseline'],
    ['no mark, but something like one', `${INLINE}---x\n`, 'refused'],
    ['a character behind that no reader takes', `${INLINE}---\na: \u0001\n`, 'refused'],
    [
      'flow style on the line of the mark',
      '--- {apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration, plugins: []}\n---\n{: [',
      'privileged',
    ],
    ['two of JSON', `${JSON.stringify({ kind: 'AdmissionConfiguration' })}\n{"a": 1}\n`, 'refused'],
    ['another kind', 'apiVersion: v1\nkind: ConfigMap\n', 'refused'],
    ['no apiVersion', 'kind: AdmissionConfiguration\nplugins: []\n', 'refused'],
    ['no kind', 'apiVersion: apiserver.config.k8s.io/v1\nplugins: []\n', 'refused'],
    ['a field twice', `${HEAD}plugins: []\nplugins: []\n`, 'refused'],
    ['the old file of another plugin', 'imagePolicy: {}\n', 'privileged'],
    ['the same with a kind', 'kind: AdmissionConfiguration\nimagePolicy: {}\n', 'privileged'],
    ['the old file of a third', 'podNodeSelectorPluginConfig: {}\n', 'privileged'],
    [
      'configuration: null',
      `${HEAD}plugins:\n- name: PodSecurity\n  configuration: null\n`,
      'privileged',
    ],
    ['configuration: {}', `${HEAD}plugins:\n- name: PodSecurity\n  configuration: {}\n`, 'refused'],
  ])('%s', (_, admission, expected) => {
    expect(enforced(admission)).toBe(expected);
  });
});

describe('documents of a PodSecurityConfiguration that it names', () => {
  it.each([
    ['one', POD_SECURITY, 'baseline'],
    ['no byte', '', 'privileged'],
    ['blanks', '\n \n', 'refused'],
    ['a comment', '# c\n', 'refused'],
    ['a mark', '---\n', 'refused'],
    ['null', 'null\n', 'refused'],
    ['an empty map', '{}\n', 'refused'],
    ['a text', 'default\n', 'refused'],
    ['a list', '[]\n', 'refused'],
    ['a second one', `${POD_SECURITY}---\n${POD_SECURITY}`, 'baseline'],
    ['a second of another kind', `${POD_SECURITY}---\nkind: ConfigMap\n`, 'baseline'],
    ['a second that does not parse', `${POD_SECURITY}---\na: "x\n`, 'baseline'],
    ['a mark before', `---\n${POD_SECURITY}`, 'baseline'],
    ['a comment and a mark before', `# c\n---\n${POD_SECURITY}`, 'baseline'],
    ['an empty one before', `---\n---\n${POD_SECURITY}`, 'refused'],
    ['another one before', `apiVersion: v1\nkind: ConfigMap\n---\n${POD_SECURITY}`, 'refused'],
  ])('%s', (_, podSecurity, expected) => {
    expect(enforced(BY_PATH, podSecurity)).toBe(expected);
    const both = BY_PATH.replace('  path', '  configuration: null\n  path');
    expect(enforced(both, podSecurity)).toBe(expected);
  });
});
