import { type Known, MOST_TAGS, type TagsRequest } from '../model/evidence.ts';
import { parseImage } from '../model/image-reference.ts';
import { field } from '../signatures/image/json.ts';
import type { RegistryOptions } from './registry.ts';
import { type Answer, RegistryError } from './registry-http.ts';
import { RegistrySession } from './registry-session.ts';

const PAGE_BYTES = 4 * 1024 * 1024;
/** What is asked for; registries may give fewer. */
const PAGE_TAGS = 1000;
/** Some registries give a hundred tags a page, whatever is asked for. */
const MOST_PAGES = 600;
const MILLISECONDS = 40_000;

const TAG = /^\w[\w.-]{0,127}$/;

/** All tags of a repository, in the order of the registry. What cannot be had whole is unknown. */
export async function fetchTags(
  { repository }: TagsRequest,
  { hosts, credentials, proxy, milliseconds = MILLISECONDS }: RegistryOptions,
): Promise<Known<readonly string[]>> {
  const image = parseImage(repository);
  if (image === undefined) return unknown('The address names no repository.');
  const session = new RegistrySession(image, {
    hosts: new Set(hosts.map((host) => host.toLowerCase())),
    signal: AbortSignal.timeout(milliseconds),
    ...(credentials && { credentials }),
    ...(proxy && { proxy }),
  });
  try {
    return await readPages(session);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return unknown(`Its registry could not be asked: ${error.message}.`);
  }
}

async function readPages(session: RegistrySession): Promise<Known<readonly string[]>> {
  const tags = new Set<string>();
  let query: string | undefined = `n=${PAGE_TAGS}`;
  for (let page = 0; page < MOST_PAGES && query !== undefined; page += 1) {
    const answer = await session.get(`tags/list?${query}`, 'application/json', PAGE_BYTES);
    if (answer === undefined) {
      return unknown('Its registry has no such repository, or does not show it here.');
    }
    for (const tag of tagsIn(answer)) tags.add(tag);
    if (tags.size > MOST_TAGS) {
      return unknown(`Its repository has more than ${MOST_TAGS} tags, which are not all read.`);
    }
    query = nextOf(answer);
  }
  if (query !== undefined) throw new RegistryError('the list of tags goes on without an end');
  return { state: 'known', value: [...tags] };
}

/** Whether a registry shows that a repository is there: any tag of it. */
export async function showsRepository(session: RegistrySession): Promise<boolean> {
  const answer = await session.get('tags/list?n=1', 'application/json', PAGE_BYTES);
  return answer !== undefined && tagsIn(answer).length > 0;
}

function tagsIn({ body }: Answer): string[] {
  let list: unknown;
  try {
    list = field(JSON.parse(body.toString()), 'tags');
  } catch {
    throw new RegistryError('the registry gave no list of tags');
  }
  // Of a repository without tags some registries say null.
  if (list === null) return [];
  if (!Array.isArray(list)) throw new RegistryError('the registry gave no list of tags');
  return list.filter((tag): tag is string => typeof tag === 'string' && TAG.test(tag));
}

/** The query of the next page: of the address that the registry names nothing else is taken. */
function nextOf({ headers: { link } }: Answer): string | undefined {
  const [, address] = /^<([^<>]{1,2000})>;\s*rel="?next/.exec(String(link ?? '')) ?? [];
  if (address === undefined) return undefined;
  const [, query] = /^[^?#]*\?([\w.~%=&+:/-]+)$/.exec(address) ?? [];
  if (query !== undefined) return query;
  throw new RegistryError('the registry does not say where its list of tags goes on');
}

function unknown(reason: string): Known<never> {
  return { state: 'unknown', reason };
}
