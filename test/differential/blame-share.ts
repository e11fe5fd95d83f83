/**
 * Says for how many values of rendered overlays the place explains the value:
 *
 *     npx tsx test/differential/blame-share.ts DIR...
 */
import process from 'node:process';

import { BuildCache } from '../../src/kustomize/cache.ts';
import { textOf } from '../../src/kustomize/scalar.ts';
import { toPlace } from '../../src/model/source.ts';
import { type Explanation, explainBuild } from './blame.ts';
import { readRepository } from './repository.ts';

/** Unexplained values that are shown of one repository. */
const SHOWN = 20;

for (const path of process.argv.slice(2)) {
  const { tree, directories } = readRepository(path);
  const cache = new BuildCache();
  const counts: Record<Explanation, number> = { same: 0, part: 0, entry: 0, unexplained: 0 };
  for (const directory of directories) {
    for (const { scalar, explanation } of explainBuild(tree, directory, cache)) {
      counts[explanation] += 1;
      if (explanation !== 'unexplained' || counts.unexplained > SHOWN) continue;
      const { path: file, line } = toPlace(scalar);
      const value = JSON.stringify(textOf(scalar).slice(0, 80));
      const written = JSON.stringify(
        scalar.source.text.slice(scalar.start, scalar.end).slice(0, 80),
      );
      console.log(
        `  ${directory}: ${value} at ${file}:${line} (${scalar.trace?.by ?? 'read'}): ${written}`,
      );
    }
  }
  const total = counts.same + counts.part + counts.entry + counts.unexplained;
  const share = (100 * (total - counts.unexplained)) / Math.max(1, total);
  console.log(
    `${path}: ${share.toFixed(3)} % of ${total} values explained: ${JSON.stringify(counts)}`,
  );
}
