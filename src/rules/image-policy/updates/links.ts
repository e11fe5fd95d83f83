import { parseRepositoryUrl } from '../../../model/repository-url.ts';

/** Where a program is developed, as far as names tell. */
export interface Origin {
  /** `owner/name` on github.com. */
  readonly repository: string;
}

const OWNER = /^[a-z\d](?:[a-z\d-]{0,38})$/i;
const NAME = /^[\w.-]{1,100}$/;

/**
 * The GitHub repository that an image, artifact or Git address most likely comes from:
 * `ghcr.io/OWNER/NAME` is published from `OWNER/NAME` unless somebody names it otherwise. Nothing
 * is fetched; only plain names of GitHub make a link.
 */
export function originOfName(text: string): Origin | undefined {
  const ghcr = /^(?:oci:\/\/)?ghcr\.io\/([^/@:\s]+)\/([^@:\s]+)/.exec(text);
  if (ghcr) return toOrigin(ghcr[1], ghcr[2]?.split('/').at(-1));
  const address = parseRepositoryUrl(text);
  if (address?.host !== 'github.com' && address?.host !== 'raw.githubusercontent.com') {
    return undefined;
  }
  const [owner, name] = address.path.split('/');
  return toOrigin(owner, name);
}

function toOrigin(owner: string | undefined, name: string | undefined): Origin | undefined {
  if (owner === undefined || name === undefined || !OWNER.test(owner)) return undefined;
  const plain = name.replace(/\.git$/, '');
  const isPlain = NAME.test(plain) && !/^\.+$/.test(plain);
  return isPlain ? { repository: `${owner}/${plain}` } : undefined;
}

/** The annotation by which images and charts name their source. */
export const SOURCE_ANNOTATION = 'org.opencontainers.image.source';

export function changelogOf({ repository }: Origin): string {
  return `https://github.com/${repository}/releases`;
}

export function advisoriesOf({ repository }: Origin): string {
  return `https://github.com/${repository}/security/advisories`;
}
