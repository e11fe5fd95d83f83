import type { Credentials } from './registry-credentials.ts';
import { type Answer, fetchListed, type FetchLimits, RegistryError } from './registry-http.ts';

const TOKEN_BYTES = 64 * 1024;

export interface SessionOptions extends Omit<FetchLimits, 'maximumBytes'> {
  /** Of the operator. Each reaches its own host alone. */
  readonly credentials?: Credentials;
}

/**
 * Reading from one repository of a registry. A 401 is answered once: with a token for pulling this
 * repository, or with the operator's credentials where the registry wants them itself.
 */
export class RegistrySession {
  readonly #base: string;
  readonly #repository: string;
  readonly #options: SessionOptions;
  readonly #host: string;
  #authorization: string | undefined;

  constructor(
    { registry, repository }: { readonly registry: string; readonly repository: string },
    options: SessionOptions,
  ) {
    const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3})(?::\d+)?$/.test(registry);
    const isHub = registry === 'docker.io' || registry === 'index.docker.io';
    const host = isHub ? 'registry-1.docker.io' : registry;
    this.#repository = isHub && !repository.includes('/') ? `library/${repository}` : repository;
    this.#base = `${isLocal ? 'http' : 'https'}://${host}/v2/${this.#repository}`;
    this.#options = options;
    this.#host = host.toLowerCase();
  }

  /** @returns undefined for what the registry does not have, or hides */
  async get(path: string, accept: string, maximumBytes: number): Promise<Answer | undefined> {
    const answer = await this.ask(path, accept, maximumBytes);
    return answer.status === 200 ? answer : undefined;
  }

  /** @returns an answer of status 200 or 404; everything else is an error */
  async ask(path: string, accept: string, maximumBytes: number): Promise<Answer> {
    let answer = await this.#ask(path, accept, maximumBytes);
    if (answer.status === 401 && this.#authorization === undefined) {
      this.#authorization = await this.#authorize(answer.headers['www-authenticate']);
      answer = await this.#ask(path, accept, maximumBytes);
    }
    if (answer.status === 200 || answer.status === 404) return answer;
    if (answer.status === 401 || answer.status === 403) throw this.#refused();
    throw new RegistryError(`the registry answers with status ${answer.status}`);
  }

  #ask(path: string, accept: string, maximumBytes: number): Promise<Answer> {
    const headers = {
      accept,
      ...(this.#authorization !== undefined && { authorization: this.#authorization }),
    };
    return fetchListed(`${this.#base}/${path}`, headers, { ...this.#options, maximumBytes });
  }

  #refused(): RegistryError {
    return new RegistryError(
      this.#options.credentials?.has(this.#host)
        ? `${this.#host} does not accept the credentials of the operator`
        : `${this.#host} asks for credentials, and the operator gives none for it`,
    );
  }

  async #authorize(challenge: string | string[] | undefined): Promise<string> {
    const text = typeof challenge === 'string' ? challenge.slice(0, 4000) : '';
    const basic = this.#options.credentials?.get(this.#host);
    if (/^basic\b/i.test(text) && basic !== undefined) return `Basic ${basic}`;
    if (!/^bearer /i.test(text)) throw this.#refused();
    return `Bearer ${await this.#fetchToken(text)}`;
  }

  async #fetchToken(text: string): Promise<string> {
    const parts = new Map([...text.matchAll(/(\w+)="([^"]*)"/g)].map((part) => [part[1], part[2]]));
    const realm = parts.get('realm') ?? '';
    if (!URL.canParse(realm)) throw new RegistryError('the registry names no place for tokens');
    const url = new URL(realm);
    const service = parts.get('service');
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', `repository:${this.#repository}:pull`);
    // What is given for the registry never goes to another host that it names.
    const basic = this.#options.credentials?.get(url.host.toLowerCase());
    const answer = await fetchListed(
      url.href,
      { ...(basic !== undefined && { authorization: `Basic ${basic}` }) },
      { ...this.#options, maximumBytes: TOKEN_BYTES },
    );
    const token = answer.status === 200 ? readToken(answer.body) : undefined;
    if (token === undefined) throw this.#refused();
    return token;
  }
}

function readToken(body: Buffer): string | undefined {
  try {
    const parsed = JSON.parse(body.toString()) as {
      token?: unknown;
      access_token?: unknown;
    } | null;
    const token = parsed?.token ?? parsed?.access_token;
    return typeof token === 'string' && /^[\x21-\x7e]{1,20000}$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
