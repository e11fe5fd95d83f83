import type { Actor } from './authentication.ts';
import type { Answer } from './answer.ts';
import type { World } from '../state/world.ts';

export interface ApiRequest {
  readonly method: string;
  /** Still encoded, without the API's base path. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON body; undefined when there is none. Attacker-controlled like all the rest. */
  readonly body: unknown;
}

export interface Context {
  readonly world: World;
  readonly request: ApiRequest;
  readonly actor: Actor;
  /** Values of the route's `{placeholders}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export type Handler = (context: Context) => Answer | Promise<Answer>;

export interface Route {
  /** `METHOD /path/{placeholder}`; the last placeholder may be `{name+}` and hold slashes. */
  readonly pattern: string;
  readonly handle: Handler;
}

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** The value of a placeholder. */
export function param(context: Pick<Context, 'params'>, name: string): string {
  return context.params[name] ?? '';
}

/** A numeric placeholder; NaN, which no map holds, when it is no number. */
export function numberParam(context: Pick<Context, 'params'>, name: string): number {
  return /^\d+$/.test(param(context, name)) ? Number(param(context, name)) : NaN;
}

/** Finds the route of a request. Routes are tried in their order; literal ones stand first. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => Match | undefined {
  const compiled = routes.map((route) => {
    const [method = '', path = ''] = route.pattern.split(' ');
    return { route, method, match: compilePath(path) };
  });
  return (method, path) => {
    for (const candidate of compiled) {
      if (candidate.method !== method) continue;
      const params = candidate.match(path);
      if (params !== undefined) return { route: candidate.route, params };
    }
    return undefined;
  };
}

/** Matches the still encoded path, so that an encoded slash stays inside its segment. */
export function compilePath(pattern: string): (path: string) => Record<string, string> | undefined {
  const names: string[] = [];
  const source = pattern
    .split(/(\{\w+\+?\})/)
    .map((part) => {
      const placeholder = /^\{(\w+)(\+?)\}$/.exec(part);
      if (placeholder === null) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      names.push(placeholder[1] ?? '');
      return placeholder[2] === '+' ? '(.*)' : '([^/]+)';
    })
    .join('');
  const expression = new RegExp(`^${source}/?$`);
  return (path) => {
    const match = expression.exec(path);
    if (match === null) return undefined;
    return Object.fromEntries(names.map((name, index) => [name, decode(match[index + 1] ?? '')]));
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
