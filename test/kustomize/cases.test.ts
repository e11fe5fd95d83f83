import { describe, expect, it } from 'vitest';

import { buildFiles } from './build-files.ts';
import { readCases } from './cases.ts';

describe('a build gives what kustomize 5.8.1 gives', () => {
  it.each(readCases().map((each) => [each.name, each] as const))(
    '%s',
    (_, { files, directory, output = '', problems = [] }) => {
      expect(buildFiles(files, directory)).toEqual({ yaml: output, problems, incomplete: [] });
    },
  );
});
