import { type IncomingMessage, request as requestPlainly, type RequestOptions } from 'node:http';
import { request as requestSafely } from 'node:https';
import { Readable } from 'node:stream';

import { proxyFor, type ProxySettings } from './proxy.ts';
import { tunnelsOf } from './tunnel.ts';

const MOST_REDIRECTS = 5;
/** Answers that have no body, which `Response` insists on. */
const BODILESS = new Set([204, 205, 304]);

/** `fetch` as GitHub's client calls it, through the proxy; undefined where none is set. */
export function proxiedFetch(settings: ProxySettings | undefined): typeof fetch | undefined {
  if (settings === undefined) return undefined;
  const send = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    let url = new URL(input);
    const headers = new Headers(init.headers);
    const method = init.method ?? 'GET';
    for (let step = 0; step <= MOST_REDIRECTS; step += 1) {
      const answer = await ask(url, { ...init, method, headers }, settings);
      const { statusCode: status = 0, headers: received } = answer;
      const next = init.redirect === 'manual' ? undefined : redirect(status, method, received);
      if (next === undefined) return toResponse(answer);
      answer.destroy();
      const to = new URL(next, url);
      // What authorises for one host never reaches another.
      if (to.host !== url.host) headers.delete('authorization');
      url = to;
    }
    throw new TypeError('GitHub redirects again and again.');
  };
  return send as typeof fetch;
}

/** Where to go on with the same method; GitHub redirects renamed repositories and archives. */
function redirect(
  status: number,
  method: string,
  { location }: IncomingMessage['headers'],
): string | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  const isKept = status === 307 || status === 308;
  return isKept || (isRead && status > 300 && status < 304) ? location : undefined;
}

interface Asked extends RequestInit {
  readonly method: string;
  readonly headers: Headers;
}

function ask(url: URL, { method, headers, body, signal }: Asked, settings: ProxySettings) {
  const proxy = proxyFor(url, settings);
  const isSafe = url.protocol === 'https:';
  const options: RequestOptions = {
    method,
    headers: Object.fromEntries(headers),
    ...(signal && { signal }),
    ...(proxy !== undefined && isSafe && { agent: tunnelsOf(proxy) }),
  };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const plain = toPlain(url, options, proxy);
    const sent = isSafe
      ? requestSafely(url, options, resolve)
      : requestPlainly(plain.url, plain.options, resolve);
    sent.on('error', reject);
    sent.end(typeof body === 'string' ? body : undefined);
  });
}

/** A proxy for http is asked for the whole address. */
function toPlain(
  url: URL,
  options: RequestOptions,
  proxy: string | undefined,
): { readonly url: URL; readonly options: RequestOptions } {
  if (proxy === undefined) return { url, options };
  const { username, password } = new URL(proxy);
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers: Record<string, string> = {
    ...(options.headers as Record<string, string>),
    host: url.host,
    ...(username !== '' && {
      'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}`,
    }),
  };
  return { url: new URL(proxy), options: { ...options, headers, path: url.href, auth: null } };
}

function toResponse(answer: IncomingMessage): Response {
  const { statusCode: status = 500, headers } = answer;
  const names = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  if (BODILESS.has(status)) answer.resume();
  const body = BODILESS.has(status) ? null : (Readable.toWeb(answer) as unknown as ReadableStream);
  return new Response(body, { status, headers: names });
}
