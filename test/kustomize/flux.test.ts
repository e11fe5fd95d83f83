import { describe, expect, it } from 'vitest';

import { additionsOf } from '../../src/kustomize/additions.ts';
import { LocatedMap } from '../../src/model/located.ts';
import { SourceText } from '../../src/model/source.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { buildFiles, configMap } from './build-files.ts';

function spec(text: string): LocatedMap {
  const [document] = parseYaml(new SourceText('flux.yaml', text), 'kustomize').documents;
  if (!(document instanceof LocatedMap)) throw new Error('no spec');
  return document;
}

describe('a directory that Flux builds', () => {
  it('gets a kustomization where it has none: every YAML file, directories with one as a whole', () => {
    const files = {
      'apps/b.yaml': configMap('b'),
      'apps/a/deep/c.yml': configMap('c'),
      'apps/sub/kustomization.yaml': 'resources: [d.yaml]\nnamePrefix: x-\n',
      'apps/sub/d.yaml': configMap('d'),
      'apps/readme.md': 'text',
    };
    expect(buildFiles(files, 'apps', {})).toEqual({
      yaml: [configMap('c'), configMap('b'), configMap('x-d')].join('---\n'),
      problems: [],
      incomplete: [],
    });
  });

  it('fails on one YAML file that holds no objects', () => {
    const files = { 'apps/b.yaml': configMap('b'), 'apps/values.yaml': 'replicas: 1\n' };
    expect(buildFiles(files, 'apps', {}).problems).toEqual([
      'apps/values.yaml:1 not-a-resource: This document is no Kubernetes object: it has no kind. Flux reads every YAML file of a directory without a kustomization.',
    ]);
  });

  it('takes fields of the Flux Kustomization, which point there when they are wrong', () => {
    const files = {
      'apps/kustomization.yaml': 'resources: [b.yaml]\n',
      'apps/b.yaml': configMap('b'),
    };
    const good = additionsOf(spec('targetNamespace: shop\nnamePrefix: x-\n'));
    expect(buildFiles(files, 'apps', good).yaml).toBe(configMap('x-b', '  namespace: shop\n'));
    const bad = additionsOf(spec('patches:\n- patch: |\n    - no\n'));
    expect(buildFiles(files, 'apps', bad).problems).toEqual([
      'flux.yaml:3 bad-patch: This is neither a strategic merge patch nor a JSON patch. This document is a list, not a Kubernetes object.',
    ]);
  });
});
