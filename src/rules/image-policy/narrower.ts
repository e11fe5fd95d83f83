import type { Remedy } from '../../model/finding.ts';
import type { BreadthName } from '../../model/rule-settings.ts';
import { toBreadth } from '../../versions/breadth.ts';
import { toNarrower } from '../../versions/narrower.ts';
import { namesPrerelease } from '../../versions/releases.ts';
import type { Allowance } from './environment.ts';
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
export function narrowerRemedy(
  site: ValidSite,
  { widest, environment }: Pick<Allowance, 'widest' | 'environment'>,
): Remedy {
  const kept = site.isWritten ? toNarrower(site.constraint, widest) : undefined;
  const own = environment === 'production' ? inProduction(site, widest, kept) : undefined;
  if (own !== undefined) return own;
  return kept === undefined
    ? remedy(`Give the range ${WORDS[widest]}.`, site.object)
    : write(site, kept, '');
}

function write(site: ValidSite, range: string, more: string): Remedy {
  const fields = [{ path: site.path, set: range }];
  return remedy(`Write the range as "${range}"${more}.`, site.object, fields);
}

/**
 * Prereleases are too wide for production: the proposal leaves them out, unless the author names
 * one. `-0` names none.
 *
 * @param kept what narrows the range and lets prereleases in as before
 */
function inProduction(
  site: ValidSite,
  widest: BreadthName,
  kept: string | undefined,
): Remedy | undefined {
  const { prereleases, kind } = toBreadth(site.constraint);
  if (!prereleases || kind === 'exact' || !site.isWritten) return undefined;
  const releases = toNarrower(site.constraint, widest, { releasesOnly: true });
  if (releases === undefined) return undefined;
  if (!namesPrerelease(site.constraint)) {
    const meant = kept === undefined ? 'waive it' : `write "${kept}"`;
    return write(site, releases, `, which keeps prereleases out; where they are meant, ${meant}`);
  }
  return kept === undefined
    ? remedy(
        `Write the range as "${releases}" as soon as a release is out: until then, waive the prerelease that it names.`,
        site.object,
      )
    : write(
        site,
        kept,
        `, which still lets in the prereleases that it names; without them, "${releases}"`,
      );
}
