/** A container image as it is written in a manifest, taken apart. */
export interface ImageReference {
  /** Lower case; `docker.io` where none is written. */
  readonly registry: string;
  /** As written: `nginx` is not `library/nginx` here. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

const LONGEST = 1000;
const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;

/** @returns undefined for what no container runtime reads */
export function parseImage(text: string): ImageReference | undefined {
  if (text.length > LONGEST) return undefined;
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  const path = hasTag ? named.slice(0, colon) : named;
  const slash = path.indexOf('/');
  const first = slash === -1 ? '' : path.slice(0, slash);
  const hasHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const registry = hasHost ? first.toLowerCase() : 'docker.io';
  const repository = hasHost ? path.slice(slash + 1) : path;
  if (!HOST.test(registry) || !REPOSITORY.test(repository)) return undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  return {
    registry,
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** The image as Kyverno matches it: a digest takes the tag's place, no tag is `latest`. */
export function toMatchedImage({ registry, repository, tag, digest }: ImageReference): string {
  const name = `${registry}/${repository}`;
  return digest === undefined ? `${name}:${tag ?? 'latest'}` : `${name}@${digest}`;
}
