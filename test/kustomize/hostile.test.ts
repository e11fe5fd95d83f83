import { describe, expect, it } from 'vitest';

import { buildFiles, buildWithLinks, configMap, DEPLOYMENT } from './build-files.ts';

const COMPONENT = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';

/** Files by path, the directory to build, and what is said of them. */
const FAILING: Record<
  string,
  { files: Record<string, string>; directory?: string; problem: string }
> = {
  'two directories that include each other': {
    files: {
      'a/kustomization.yaml': 'resources:\n- ../b\n',
      'b/kustomization.yaml': 'resources:\n- ../a\n',
    },
    directory: 'a',
    problem:
      'b/kustomization.yaml:2 cycle: ../a leads back to a, from where a is being built: this would never end.',
  },
  'a directory that includes itself': {
    files: { 'a/kustomization.yaml': 'resources:\n- .\n' },
    directory: 'a',
    problem:
      'a/kustomization.yaml:2 cycle: . leads back to a, from where a is being built: this would never end.',
  },
  'an overlay that includes itself through a component': {
    files: {
      'a/kustomization.yaml': 'components:\n- ../c\n',
      'c/kustomization.yaml': `${COMPONENT}resources:\n- ../a\n`,
    },
    directory: 'a',
    problem:
      'c/kustomization.yaml:4 cycle: ../a leads back to a, from where a is being built: this would never end.',
  },
  'a path out of the repository': {
    files: { 'a/kustomization.yaml': 'resources:\n- ../../etc/passwd\n' },
    directory: 'a',
    problem:
      'a/kustomization.yaml:2 outside-repository: ../../etc/passwd is outside of the repository, where Flux does not look.',
  },
  'an absolute path': {
    files: { 'kustomization.yaml': 'resources:\n- /etc/passwd\n' },
    problem:
      'kustomization.yaml:2 outside-repository: /etc/passwd is outside of the repository, where Flux does not look.',
  },
  'a generator that reads out of the repository': {
    files: {
      'kustomization.yaml': 'configMapGenerator:\n- name: x\n  files:\n  - k=../../etc/passwd\n',
    },
    problem:
      'kustomization.yaml:4 outside-repository: ../../etc/passwd is outside of the repository, where Flux does not look.',
  },
  'a JSON patch into a plain value': {
    files: {
      'kustomization.yaml':
        'resources: [d.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |\n    - op: add\n      path: /metadata/name/x\n      value: 1\n',
      'd.yaml': DEPLOYMENT,
    },
    problem:
      'kustomization.yaml:6 patch-failed: The patch does not fit Deployment/web: the path "/metadata/name/x" does not exist.',
  },
  'a patch that is a list of texts': {
    files: {
      'kustomization.yaml': 'resources: [d.yaml]\npatches:\n- patch: |\n    - a\n    - b\n',
      'd.yaml': DEPLOYMENT,
    },
    problem:
      'kustomization.yaml:4 bad-patch: This is neither a strategic merge patch nor a JSON patch. This document is a list, not a Kubernetes object.',
  },
  'an empty kustomization file': {
    files: { 'kustomization.yaml': '' },
    problem:
      'kustomization.yaml:1 empty-kustomization: kustomization.yaml is empty: give it resources or something to do.',
  },
  'an object that is given twice': {
    files: { 'kustomization.yaml': 'resources:\n- d.yaml\n- d.yaml\n', 'd.yaml': DEPLOYMENT },
    problem:
      'kustomization.yaml:3 duplicate-resource: Deployment/web is already defined in d.yaml; d.yaml adds it again.',
  },
  'an object that stands twice in a file': {
    files: {
      'kustomization.yaml': 'resources:\n- c.yaml\n',
      'c.yaml': `${configMap('c')}---\n${configMap('c')}`,
    },
    problem:
      'c.yaml:9 duplicate-resource: ConfigMap/c is already defined in this file; c.yaml adds it again.',
  },
  'a patch for an object that is not there': {
    files: {
      'kustomization.yaml': 'resources: [d.yaml]\npatches:\n- path: p.yaml\n',
      'd.yaml': DEPLOYMENT,
      'p.yaml': DEPLOYMENT.replace('name: web', 'name: other'),
    },
    problem:
      'kustomization.yaml:3 patch-target-missing: The patch is for the Deployment (apps/v1) other, and no object here has that name.',
  },
  'a field that kustomize does not know': {
    files: { 'kustomization.yaml': 'resources: [d.yaml]\nnameprefixes: x\n', 'd.yaml': DEPLOYMENT },
    problem: 'kustomization.yaml:2 unknown-field: A kustomization has no field "nameprefixes".',
  },
  'a value that YAML 1.1 reads as a boolean': {
    files: { 'kustomization.yaml': 'resources: [d.yaml]\nnamespace: on\n', 'd.yaml': DEPLOYMENT },
    problem:
      'kustomization.yaml:2 wrong-type: namespace takes a text, not the boolean on, so put the value in quotes.',
  },
  'a file that does not exist': {
    files: { 'kustomization.yaml': 'resources:\n- no.yaml\n' },
    problem: 'kustomization.yaml:2 missing-file: There is no file or directory no.yaml.',
  },
  'a path so long that it hides what is said of it': {
    files: { 'kustomization.yaml': `resources:\n- ../${'sub/'.repeat(200)}x.yaml\n` },
    problem: `kustomization.yaml:2 outside-repository: ../${'sub/'.repeat(29)}s…${'sub/'.repeat(24).slice(2)}x.yaml is outside of the repository, where Flux does not look.`,
  },
  'a replacement that puts a fraction, even a whole one, in the place of an integer': {
    files: {
      'kustomization.yaml':
        'resources: [c.yaml]\nreplacements:\n- source: {kind: ConfigMap, fieldPath: data.from}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.to]\n',
      'c.yaml': configMap('c', 'data: {from: "80.", to: 1}\n'),
    },
    problem:
      'kustomization.yaml:6 bad-replacement: The replacement cannot set data.to of ConfigMap/c: "80." does not fit the type of what stands there.',
  },
  'a pattern that is none': {
    files: {
      'kustomization.yaml':
        'resources: [d.yaml]\npatches:\n- target:\n    name: (a\n  patch: |\n    - {op: remove, path: /spec}\n',
      'd.yaml': DEPLOYMENT,
    },
    problem: 'kustomization.yaml:4 bad-pattern: The name "(a" is no valid regular expression.',
  },
  'a JSON patch whose copies double the object with every line': {
    files: {
      'kustomization.yaml': `resources: [c.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |\n${Array.from({ length: 40 }, (_, at) => `    - {op: copy, from: /data, path: /data/k${at}}\n`).join('')}`,
      'c.yaml': configMap('c', 'data: {a: b}\n'),
    },
    problem:
      'kustomization.yaml:23 patch-failed: The patch does not fit ConfigMap/c: the object becomes too large.',
  },
  'replacements that double the object with every entry': {
    files: {
      'kustomization.yaml': `resources: [c.yaml]\nreplacements:\n${Array.from(
        { length: 40 },
        (_, at) =>
          `- source: {kind: ConfigMap, fieldPath: data}\n  targets:\n  - select: {kind: ConfigMap}\n    options: {create: true}\n    fieldPaths: [data.k${at}]\n`,
      ).join('')}`,
      'c.yaml': configMap('c', 'data: {a: b}\n'),
    },
    problem:
      'kustomization.yaml:97 bad-replacement: The replacement cannot set data.k18 of ConfigMap/c: the object becomes too large.',
  },
  'variables that make a text longer than memory': {
    files: {
      'kustomization.yaml': `resources: [c.yaml]\ncommonAnnotations:\n  a: "${'$(V)'.repeat(1000)}"\nvars:\n- name: V\n  objref: {kind: ConfigMap, name: c, apiVersion: v1}\n  fieldref: {fieldPath: data.a}\n`,
      'c.yaml': configMap('c', `data:\n  a: ${'x'.repeat(100_000)}\n`),
    },
    problem:
      'c.yaml:4 bad-variable: Variables in metadata/annotations of ConfigMap/c cannot be replaced: the value becomes too long.',
  },
  'a chain of a thousand bases': {
    files: {
      ...Object.fromEntries(
        Array.from({ length: 1000 }, (_, at) => [
          `d${at}/kustomization.yaml`,
          `resources: [../d${at + 1}]\n`,
        ]),
      ),
      'd1000/kustomization.yaml': 'resources: [c.yaml]\n',
      'd1000/c.yaml': configMap('c'),
    },
    directory: 'd0',
    problem:
      'd199/kustomization.yaml:1 limit: This is the 200th base of a base: no build goes deeper.',
  },
};

/** Levels of bases that each include the next level twice, under other prefixes. */
function doublingBases(levels: number, last: Record<string, string>): Record<string, string> {
  const files: Record<string, string> = { ...last };
  for (let at = 0; at < levels; at += 1) {
    files[`x${at}/kustomization.yaml`] = `resources: [../p${at}, ../q${at}]\n`;
    for (const side of ['p', 'q']) {
      files[`${side}${at}/kustomization.yaml`] =
        `resources: [../x${at + 1}]\nnamePrefix: ${side}-\n`;
    }
  }
  return files;
}

describe('a build that asks for more than any overlay needs', () => {
  it('ends where the same base is listed ten thousand times', () => {
    const files = {
      'a/kustomization.yaml': `resources:\n${'- ../b\n'.repeat(10_000)}`,
      'b/kustomization.yaml': 'resources: [c.yaml]\n',
      'b/c.yaml': configMap('c'),
    };
    const { problems } = buildFiles(files, 'a');
    expect(problems).toHaveLength(50);
    expect(problems[0]).toBe(
      'a/kustomization.yaml:3 duplicate-resource: ConfigMap/c is already defined in b/c.yaml; ../b adds it again.',
    );
  });

  it('ends where sixty levels of bases double something that is not known', () => {
    const files = doublingBases(60, {
      'x60/kustomization.yaml': 'resources:\n- https://example.com/x.yaml\n',
    });
    expect(buildFiles(files, 'x0')).toEqual({
      yaml: '',
      problems: [],
      incomplete: [
        'x60/kustomization.yaml:2 remote: https://example.com/x.yaml is fetched from the network.',
      ],
    });
  });

  it('ends where sixty levels of bases double a cycle', () => {
    const files = doublingBases(60, { 'x60/kustomization.yaml': 'resources:\n- ../x0\n' });
    const { problems } = buildFiles(files, 'x0');
    expect(problems[0]).toBe(
      'x60/kustomization.yaml:2 cycle: ../x0 leads back to x0, from where x0 is being built: this would never end.',
    );
    expect(problems.length).toBeLessThanOrEqual(50);
  });

  it('ends where the work grows with the square of what is written', () => {
    const labels = Array.from({ length: 3000 }, (_, at) => `- pairs: {l${at}: x}\n`).join('');
    const objects = Array.from({ length: 300 }, (_, at) => configMap(`c${at}`)).join('---\n');
    const files = {
      'kustomization.yaml': `resources: [c.yaml]\nlabels:\n${labels}`,
      'c.yaml': objects,
    };
    const { problems } = buildFiles(files);
    expect(problems).toEqual([
      expect.stringMatching(
        /^kustomization\.yaml:\d+ limit: This build takes more work than any overlay may ask for\.$/,
      ),
    ]);
  });

  it('replaces variables that hold each other once', () => {
    const variable = (name: string, object: string): string =>
      `- name: ${name}\n  objref: {kind: ConfigMap, name: ${object}, apiVersion: v1}\n  fieldref: {fieldPath: metadata.annotations.a}\n`;
    const files = {
      'kustomization.yaml': `resources: [c.yaml]\nvars:\n${variable('V', 'c')}${variable('W', 'd')}`,
      'c.yaml': `${configMap('c', '  annotations: {a: "$(V)$(W)"}\n')}---\n${configMap('d', '  annotations: {a: "$(V)x"}\n')}`,
    };
    const { yaml, problems } = buildFiles(files);
    expect(problems).toEqual([]);
    expect(yaml.length).toBeLessThan(300);
  });
});

describe('a build of hostile or broken files', () => {
  it.each(Object.entries(FAILING))('fails for %s', (_, { files, directory, problem }) => {
    const { yaml, problems } = buildFiles(files, directory);
    expect(yaml).toBe('');
    expect(problems).toEqual([problem]);
  });

  it('resolves a thousand steps up and down without leaving the repository', () => {
    const path = `${'x/../'.repeat(1000)}c.yaml`;
    const files = { 'a/kustomization.yaml': `resources:\n- ${path}\n`, 'a/c.yaml': configMap('c') };
    expect(buildFiles(files, 'a')).toEqual({ yaml: configMap('c'), problems: [], incomplete: [] });
  });

  it('takes an empty file as no objects', () => {
    const files = { 'kustomization.yaml': 'resources: [e.yaml]\n', 'e.yaml': '# nothing\n' };
    expect(buildFiles(files)).toEqual({ yaml: '', problems: [], incomplete: [] });
  });

  it('matches a pattern made to hang in linear time', () => {
    const files = {
      'kustomization.yaml':
        'resources: [d.yaml]\npatches:\n- target:\n    name: (a+)+$\n  patch: |\n    - {op: remove, path: /spec}\n',
      'd.yaml': DEPLOYMENT.replace('name: web', `name: ${'a'.repeat(5000)}b`),
    };
    expect(buildFiles(files).problems).toEqual([]);
  });

  it('generates a ConfigMap of five megabytes', () => {
    const files = {
      'kustomization.yaml': 'configMapGenerator:\n- name: big\n  files: [big.txt]\n',
      'big.txt': 'a line of text\n'.repeat(350_000),
    };
    const { yaml, problems } = buildFiles(files);
    expect(problems).toEqual([]);
    expect(yaml.length).toBeGreaterThan(5_000_000);
  });

  it('says what it cannot know and goes on with the rest', () => {
    const files = {
      'kustomization.yaml':
        'resources:\n- https://example.com/x.yaml\n- github.com/a/b//c?ref=v1\n- c.yaml\nhelmCharts:\n- name: x\ngenerators:\n- g.yaml\npatches:\n- path: p.yaml\n',
      'c.yaml': configMap('c'),
      'g.yaml': 'apiVersion: example.com/v1\nkind: Exec\nmetadata: {name: x}\n',
      'p.yaml': DEPLOYMENT,
    };
    expect(buildFiles(files)).toEqual({
      yaml: configMap('c'),
      problems: [],
      incomplete: [
        'kustomization.yaml:2 remote: https://example.com/x.yaml is fetched from the network.',
        'kustomization.yaml:3 remote: github.com/a/b//c?ref=v1 is cloned from the network.',
        'kustomization.yaml:6 helm: The chart x is rendered by Helm, which Flux does not do in an overlay.',
        'kustomization.yaml:8 plugin: The Exec x is a program or a container, which Flux does not run.',
        'kustomization.yaml:10 remote: The patch is for the Deployment (apps/v1) web, and no object here has that name. It may be in a part that is not here.',
      ],
    });
  });

  it('does not know the hash of an object that is neither ConfigMap nor Secret', () => {
    const files = (kind: string) => ({
      'kustomization.yaml': `secretGenerator:\n- name: s\n  literals: [a=b]\npatches:\n- target: {name: s}\n  patch: |-\n    - {op: replace, path: /kind, value: ${kind}}\n`,
    });
    expect(buildFiles(files('ConfigMap'))).toMatchObject({ problems: [], incomplete: [] });
    expect(buildFiles(files('Other')).incomplete).toEqual([
      'kustomization.yaml:2 layout: The hash in the name of Other/s is not known: of objects that are neither ConfigMap nor Secret, kustomize hashes how they lie in its memory.',
    ]);
  });

  it.each([
    ['link.yaml', 'link.yaml'],
    ['folder/c.yaml', 'folder'],
  ])('tells that Flux leaves out the symbolic link of %s', (path, link) => {
    const files = { 'kustomization.yaml': `resources:\n- ${path}\n` };
    expect(buildWithLinks(files, [link]).problems).toEqual([
      `kustomization.yaml:2 missing-file: ${link} is a symbolic link, and Flux leaves links out: there is no file or directory ${path} for it.`,
    ]);
  });
});
