import { type Answer, ok } from './answer.ts';
import type { Context } from './router.ts';

export interface Page {
  readonly page: number;
  readonly perPage: number;
}

/** The page asked for. Nonsense counts as absent, more than a hundred as a hundred, as on GitHub. */
export function pageOf({ request }: Pick<Context, 'request'>, most = 100): Page {
  const number = (name: string, fallback: number) => {
    const value = Number(request.query.get(name) ?? fallback);
    return Number.isInteger(value) && value > 0 ? value : fallback;
  };
  return { page: number('page', 1), perPage: Math.min(number('per_page', 30), most) };
}

/**
 * One page of a list, with the `link` header that leads to the others.
 *
 * @param wrap puts the page into an object (`{ total_count, check_runs }`) where GitHub does
 */
export async function paginate<T>(
  context: Context,
  items: readonly T[],
  render: (item: T) => unknown,
  wrap: (page: unknown[]) => unknown = (page) => page,
): Promise<Answer> {
  const { page, perPage } = pageOf(context);
  const shown = items.slice((page - 1) * perPage, page * perPage);
  const body = wrap(await Promise.all(shown.map(render)));
  const last = Math.max(1, Math.ceil(items.length / perPage));
  return { ...ok(body), headers: linkHeader(context, page, last) };
}

export function linkHeader(context: Context, page: number, last: number): Record<string, string> {
  const { request, world } = context;
  const to = (number: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(number));
    return `<${world.urls.api}${request.path}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(page - 1, 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
    ...(page > 1 ? [to(1, 'first')] : []),
  ];
  return links.length === 0 ? {} : { link: links.join(', ') };
}
