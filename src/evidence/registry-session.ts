import { type Answer, fetchListed, type FetchLimits, RegistryError } from './registry-http.ts';

const TOKEN_BYTES = 64 * 1024;

/**
 * Reading from one repository of a registry, without credentials: a 401 is answered once with an
 * anonymous token for pulling this repository.
 */
export class RegistrySession {
  readonly #base: string;
  readonly #repository: string;
  readonly #limits: Omit<FetchLimits, 'maximumBytes'>;
  #token: string | undefined;

  constructor(
    { registry, repository }: { readonly registry: string; readonly repository: string },
    limits: Omit<FetchLimits, 'maximumBytes'>,
  ) {
    const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3})(?::\d+)?$/.test(registry);
    const isHub = registry === 'docker.io' || registry === 'index.docker.io';
    const host = isHub ? 'registry-1.docker.io' : registry;
    this.#repository = isHub && !repository.includes('/') ? `library/${repository}` : repository;
    this.#base = `${isLocal ? 'http' : 'https'}://${host}/v2/${this.#repository}`;
    this.#limits = limits;
  }

  /** @returns undefined for what the registry does not have */
  async get(path: string, accept: string, maximumBytes: number): Promise<Answer | undefined> {
    let answer = await this.#ask(path, accept, maximumBytes);
    if (answer.status === 401 && this.#token === undefined) {
      this.#token = await this.#fetchToken(answer.headers['www-authenticate']);
      answer = await this.#ask(path, accept, maximumBytes);
    }
    if (answer.status === 200) return answer;
    if (answer.status === 404) return undefined;
    if (answer.status === 401 || answer.status === 403) {
      throw new RegistryError('the registry asks for credentials');
    }
    throw new RegistryError(`the registry answers with status ${answer.status}`);
  }

  #ask(path: string, accept: string, maximumBytes: number): Promise<Answer> {
    const headers = {
      accept,
      ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
    };
    return fetchListed(`${this.#base}/${path}`, headers, { ...this.#limits, maximumBytes });
  }

  async #fetchToken(challenge: string | string[] | undefined): Promise<string> {
    const text = typeof challenge === 'string' ? challenge.slice(0, 4000) : '';
    if (!/^bearer /i.test(text)) throw new RegistryError('the registry asks for credentials');
    const parts = new Map([...text.matchAll(/(\w+)="([^"]*)"/g)].map((part) => [part[1], part[2]]));
    const realm = parts.get('realm') ?? '';
    if (!URL.canParse(realm)) throw new RegistryError('the registry names no place for tokens');
    const url = new URL(realm);
    const service = parts.get('service');
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', `repository:${this.#repository}:pull`);
    const answer = await fetchListed(url.href, {}, { ...this.#limits, maximumBytes: TOKEN_BYTES });
    const token = answer.status === 200 ? readToken(answer.body) : undefined;
    if (token === undefined) throw new RegistryError('the registry asks for credentials');
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
