import { parseImage } from '../../../model/image-reference.ts';
import { parseConstraint } from '../../../versions/constraint.ts';

/** What a value names. `text`: a line, such as an address, that holds a version. */
export type ValueKind = 'image' | 'name' | 'tag' | 'digest' | 'version' | 'text';

/** Keys whose values are versions of something. */
const TAGS = /^(?:tag|newTag|imageTag|image_tag)$/;
const DIGESTS = /^(?:digest|sha|newDigest)$/;
const IMAGES = /^(?:image|[a-z][A-Za-z]*Image|imageName|customImage)$/;
const NAMES = /^(?:repository|newName)$/;
const VERSIONS =
  /^(?:version|targetRevision|appVersion|semver|ref|rev|revision|[a-z][A-Za-z]*(?:Version|VERSION|Tag)|[A-Z_]*(?:VERSION|TAG))$/;

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** With at least one digit, as every version has that a bot writes. */
const TAG = /^(?=\D*\d)\w[\w.+-]{0,127}(?:@sha256:[0-9a-f]{64})?$/;

/** What the value of a key names; undefined where it is neither an image nor a version. */
export function kindOfValue(key: string | undefined, value: string): ValueKind | undefined {
  if (value.length > 500 || key === 'apiVersion') return undefined;
  if (key !== undefined && TAGS.test(key)) return TAG.test(value) ? 'tag' : undefined;
  if (key !== undefined && DIGESTS.test(key)) return DIGEST.test(value) ? 'digest' : undefined;
  if (key !== undefined && NAMES.test(key)) return isImage(value) ? 'name' : undefined;
  if (key !== undefined && IMAGES.test(key)) return isImage(value) ? 'image' : undefined;
  if (key !== undefined && VERSIONS.test(key)) {
    return TAG.test(value) || parseConstraint(value).ok ? 'version' : undefined;
  }
  if (isPlainlyImage(value)) return 'image';
  return PLAIN_VERSION.test(value) ? 'version' : undefined;
}

/** Three numbers are a version under any key; an address has four. */
const PLAIN_VERSION = /^v?\d{1,20}\.\d{1,20}\.\d{1,20}(?:[-+][\w.+-]{1,100})?$/;

/** What image automation writes behind a marker; undefined for a value that it never writes. */
export function kindOfMarked(setter: string, value: string): ValueKind | undefined {
  switch (setter.split(':')[2]) {
    case undefined:
      return isImage(value) ? 'image' : undefined;
    case 'tag':
      return /^\w[\w.-]{0,127}$/.test(value) ? 'tag' : undefined;
    case 'name':
      return isImage(value) ? 'name' : undefined;
    case 'digest':
      return value === '' || DIGEST.test(value) ? 'digest' : undefined;
    default:
      return undefined;
  }
}

function isImage(value: string): boolean {
  return parseImage(value) !== undefined;
}

/** An image under a key that does not say so: with a host and a tag or digest. */
function isPlainlyImage(value: string): boolean {
  const image = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?\//.test(value)
    ? parseImage(value)
    : undefined;
  return image !== undefined && (image.tag !== undefined || image.digest !== undefined);
}

/** Versions and digests inside a line, where a path, a query or a mark comes before them. */
const INSIDE =
  /(?<=[/=@:_-]|[/=@:_-]v|# ?v?|# tag=v?)(?:sha256:[0-9a-f]{64}|[0-9a-f]{40}|\d{1,20}(?:\.\d{1,20}){1,2}(?:-[a-z]{1,12}\.?\d{0,9})?)(?![\w.])|(?<=@v?)\d{1,10}(?![\w.])/g;

/** The host of an address is no version, whatever it looks like. */
const AUTHORITY = /(:\/\/[^/\s"']*)/;

const LONGEST = 2000;

/** A line with its versions taken out; two lines with one shape differ in versions only. */
export function shapeOf(line: string): string | undefined {
  if (line.length > LONGEST) return undefined;
  return line
    .split(AUTHORITY)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(INSIDE, '\u0000')))
    .join('');
}

/** The versions inside a line, as far as its shape leaves them out. */
export function versionsIn(line: string): string[] {
  if (line.length > LONGEST) return [];
  return line
    .split(AUTHORITY)
    .flatMap((part, index) => (index % 2 === 1 ? [] : [...part.matchAll(INSIDE)]))
    .map(([found]) => found);
}
