import type { Remedy } from '../../model/finding.ts';
import type { BreadthName } from '../../model/rule-settings.ts';
import { toNarrower } from '../../versions/narrower.ts';
import { remedy } from './fault.ts';
import type { ValidSite } from './range-sites.ts';

const WORDS: Readonly<Record<BreadthName, string>> = {
  exact: 'one exact version',
  patch: 'one minor line, such as ">=1.2.3 <1.3.0"',
  minor: 'one major line, such as ">=1.2.3 <2.0.0"',
  major: 'an upper bound, such as ">=1.2.3 <3.0.0"',
  unbounded: 'a lower bound, such as ">=1.2.3"',
};

/** How to narrow a range, with the edit where the author's range tells where to start. */
export function narrowerRemedy(site: ValidSite, widest: BreadthName): Remedy {
  const narrower = site.isWritten ? toNarrower(site.constraint, widest) : undefined;
  return narrower === undefined
    ? remedy(`Give the range ${WORDS[widest]}.`, site.object)
    : remedy(`Write the range as "${narrower}".`, site.object, [
        { path: site.path, set: narrower },
      ]);
}
