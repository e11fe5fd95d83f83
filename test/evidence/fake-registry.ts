import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry on loopback that follows the OCI distribution specification as far as it is read. */
export interface FakeRegistry {
  readonly host: string;
  /** Puts content there; the answer is its digest. */
  readonly blob: (content: string) => string;
  readonly manifest: (repository: string, tag: string | undefined, content: object) => string;
  /** Makes the manifest known as one that refers to a digest. */
  readonly refer: (repository: string, subject: string, manifest: string) => void;
  /** Answers of its own for paths that start so. */
  readonly override: (
    prefix: string,
    handler: (request: IncomingMessage, response: ServerResponse) => void,
  ) => void;
  /** Demands a token from now on. */
  readonly demandToken: () => void;
  readonly requests: readonly { readonly path: string; readonly authorization?: string }[];
  readonly close: () => Promise<void>;
}

export function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export async function startRegistry({ referrers = true } = {}): Promise<FakeRegistry> {
  const blobs = new Map<string, string>();
  const manifests = new Map<string, string>();
  const references = new Map<string, string[]>();
  const overrides: [string, (request: IncomingMessage, response: ServerResponse) => void][] = [];
  const requests: { path: string; authorization?: string }[] = [];
  let needsToken = false;

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const { authorization } = request.headers;
    requests.push({ path, ...(authorization !== undefined && { authorization }) });
    const override = overrides.find(([prefix]) => path.startsWith(prefix));
    if (override) {
      override[1](request, response);
      return;
    }
    if (path.startsWith('/token')) return response.end(JSON.stringify({ token: 'pull' }));
    if (needsToken && authorization !== 'Bearer pull') {
      const realm = `Bearer realm="http://${host}/token",service="fake"`;
      return response.writeHead(401, { 'www-authenticate': realm }).end();
    }
    const content = find(path);
    return content === undefined ? response.writeHead(404).end() : response.end(content);
  });

  function find(path: string): string | undefined {
    const [, repository = '', kind, name = ''] =
      /^\/v2\/(.+)\/(manifests|blobs|referrers)\/([^/]+)$/.exec(path) ?? [];
    if (kind === 'blobs') return blobs.get(name);
    if (kind === 'manifests') return manifests.get(`${repository} ${name}`);
    if (kind !== 'referrers' || !referrers) return undefined;
    const list = references.get(`${repository} ${name}`) ?? [];
    return JSON.stringify({ schemaVersion: 2, manifests: list.map((digest) => ({ digest })) });
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    requests,
    blob(content) {
      blobs.set(digestOf(content), content);
      return digestOf(content);
    },
    manifest(repository, tag, object) {
      const content = JSON.stringify(object);
      const digest = digestOf(content);
      manifests.set(`${repository} ${digest}`, content);
      if (tag !== undefined) manifests.set(`${repository} ${tag}`, content);
      return digest;
    },
    refer(repository, subject, manifest) {
      const key = `${repository} ${subject}`;
      references.set(key, [...(references.get(key) ?? []), manifest]);
    },
    override: (prefix, handler) => void overrides.push([prefix, handler]),
    demandToken: () => void (needsToken = true),
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
