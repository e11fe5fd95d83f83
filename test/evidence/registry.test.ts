import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { isPrivateAddress } from '../../src/evidence/registry-address.ts';
import { readCredentials } from '../../src/evidence/registry-credentials.ts';
import { fetchImage } from '../../src/evidence/registry.ts';
import { fetchTags } from '../../src/evidence/registry-tags.ts';
import type { Attestor, SignatureForm } from '../../src/model/image.ts';
import { judgeImage } from '../../src/signatures/image/verify.ts';
import { type FakeRegistry, startRegistry } from './fake-registry.ts';

const REPOSITORY = 'acme/web';

let registry: FakeRegistry;

beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const OTHER = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ED25519 = generateKeyPairSync('ed25519');
type Pair = typeof EC;

function attestor({ publicKey }: Pair, more: { needsLog?: boolean; forms?: SignatureForm[] } = {}) {
  const key = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  return { kind: 'key', key, needsLog: false, forms: ['legacy', 'bundle'], ...more } as Attestor;
}

function signed(key: KeyObject, data: string): string {
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return sign(hash, Buffer.from(data), key).toString('base64');
}

function pushImage(tag = '1.0.0', remark = tag): string {
  return registry.manifest(REPOSITORY, tag, { schemaVersion: 2, layers: [], remark });
}

function claim(digest: string): string {
  return JSON.stringify({
    critical: {
      identity: { 'docker-reference': '' },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });
}

/** As cosign before version 3 does. */
function signLegacy(digest: string, { privateKey }: Pair, payload = claim(digest)): void {
  const annotations = { 'dev.cosignproject.cosign/signature': signed(privateKey, payload) };
  const layer = { digest: registry.blob(payload), annotations };
  registry.manifest(REPOSITORY, `${digest.replace(':', '-')}.sig`, { layers: [layer] });
}

/** As cosign 3 does; the tag stands for the referrers where a registry lacks them. */
function signBundle(digest: string, { privateKey }: Pair, where: 'referrers' | 'tag'): void {
  const type = 'application/vnd.in-toto+json';
  const subject = [{ digest: { sha256: digest.slice('sha256:'.length) } }];
  const payload = JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject });
  const sig = signed(privateKey, `DSSEv1 ${type.length} ${type} ${payload.length} ${payload}`);
  const encoded = Buffer.from(payload).toString('base64');
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: '' }, tlogEntries: [] },
    dsseEnvelope: { payloadType: type, payload: encoded, signatures: [{ sig }] },
  };
  const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
  const layer = { mediaType, digest: registry.blob(JSON.stringify(bundle)) };
  const manifest = registry.manifest(REPOSITORY, undefined, { layers: [layer] });
  if (where === 'referrers') registry.refer(REPOSITORY, digest, manifest);
  else {
    const entry = { digest: manifest, artifactType: 'application/vnd.oci.empty.v1+json' };
    registry.manifest(REPOSITORY, digest.replace(':', '-'), { manifests: [entry] });
  }
}

/** @param milliseconds that the registry has to answer */
async function verdict(who: Attestor, name = ':1.0.0', milliseconds = 60_000): Promise<string> {
  const reference = `${registry.host}/${REPOSITORY}${name}`;
  const request = { kind: 'image', reference, attestors: [who] } as const;
  const fact = await fetchImage(request, { hosts: [registry.host], milliseconds });
  if (fact.state === 'unknown') return `unknown: ${fact.reason}`;
  const [said] = judgeImage(fact.value, [who]).verdicts;
  return said === undefined || said.state === 'signed'
    ? String(said?.state)
    : `${said.state}: ${said.reason}`;
}

describe('signatures in a registry', () => {
  it.each([
    ['ECDSA', EC],
    ['RSA', RSA],
    ['Ed25519', ED25519],
  ])('finds the %s signature in every form', async (_name, pair) => {
    const digest = pushImage();
    signLegacy(digest, pair);
    expect(await verdict(attestor(pair, { forms: ['legacy'] }))).toBe('signed');
    expect(await verdict(attestor(pair, { forms: ['bundle'] }))).toBe(
      'unsigned: its signatures are not in the form that the policy looks for (bundle)',
    );
    signBundle(digest, pair, 'tag');
    expect(await verdict(attestor(pair, { forms: ['bundle'] }), `@${digest}`)).toBe('signed');
  });

  it('finds bundles by the referrers, and with a token', async () => {
    signBundle(pushImage(), EC, 'referrers');
    registry.demandToken();
    expect(await verdict(attestor(EC))).toBe('signed');
  });

  it('says why an image is not signed', async () => {
    const digest = pushImage();
    expect(await verdict(attestor(EC))).toBe('unsigned: it has no signature');
    signLegacy(digest, OTHER);
    expect(await verdict(attestor(EC))).toBe(
      'unsigned: none of its signatures is by the key of the policy',
    );
    signLegacy(digest, EC, claim(pushImage('2.0.0')));
    expect(await verdict(attestor(EC))).toBe(
      'unsigned: the signature beside it was made for another image',
    );
    signLegacy(digest, EC);
    expect(await verdict(attestor(EC, { needsLog: true }))).toBe(
      'unsigned: its signature has no entry of the public log, which the policy demands',
    );
  });

  it('accepts no tampered payload', async () => {
    const digest = pushImage();
    signLegacy(digest, EC);
    registry.override(`/v2/${REPOSITORY}/blobs/`, (_request, response) => response.end('{}'));
    expect(await verdict(attestor(EC))).toBe('unknown: a signature is not what its digest says');
  });

  it('cannot tell about attestors that it does not check', async () => {
    const digest = pushImage();
    const keyless: Attestor = { kind: 'unread', reason: 'keyless is not checked' };
    expect(await verdict(keyless)).toBe('unsigned: it has no signature');
    signLegacy(digest, EC);
    expect(await verdict(keyless)).toBe('unknown: keyless is not checked');
    expect(await verdict({ ...attestor(EC), key: 'junk' } as Attestor)).toBe(
      'unknown: the key of the policy is unreadable',
    );
  });
});

describe('a registry that misbehaves', () => {
  const manifests = `/v2/${REPOSITORY}/manifests/`;

  it.each<[string, Parameters<FakeRegistry['override']>[1], string]>([
    ['HTML', (_, r) => r.end('<html>'), 'the registry gave no manifest'],
    ['an error', (_, r) => r.writeHead(500).end(), 'the registry answers with status 500'],
    [
      'a loop of 401',
      (_, r) => r.writeHead(401).end(),
      'HOST asks for credentials, and the operator gives none for it',
    ],
    [
      'a realm elsewhere',
      (_, r) =>
        r.writeHead(401, { 'www-authenticate': 'Bearer realm="https://evil.example/token"' }).end(),
      'host evil.example is not on the list of registries',
    ],
    [
      'a redirect into the own network',
      (_, r) => r.writeHead(307, { location: 'http://169.254.169.254/latest' }).end(),
      'host 169.254.169.254 is not on the list of registries',
    ],
    [
      'endless redirects',
      (q, r) => r.writeHead(307, { location: q.url ?? '' }).end(),
      'the registry redirects again and again',
    ],
    [
      'too much',
      (_, r) => r.end(Buffer.alloc(5 * 1024 * 1024)),
      'the answer of the registry is too large',
    ],
  ])('is unknown for %s', async (_name, handler, reason) => {
    registry.override(manifests, handler);
    expect(await verdict(attestor(EC))).toBe(
      `unknown: Its registry could not be asked: ${reason.replace('HOST', registry.host)}.`,
    );
  });

  it('is unknown for an answer that never ends', async () => {
    registry.override(manifests, (_request, response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    });
    expect(await verdict(attestor(EC), undefined, 500)).toMatch(
      /^unknown: .* did not answer in time\.$/,
    );
  });

  it('is unknown where too much refers to the image', async () => {
    const digest = pushImage();
    const many = { manifests: Array.from({ length: 50_000 }, () => ({ digest })) };
    registry.override(`/v2/${REPOSITORY}/referrers/`, (_request, response) =>
      response.end(JSON.stringify(many).slice(0, 8_000_000)),
    );
    expect(await verdict(attestor(EC))).toMatch(/^unknown: .*too large/);
    signLegacy(digest, EC);
    expect(await verdict(attestor(EC))).toBe('signed');
  });

  it('is unknown for a redirect to a private address that a name of the list leads to', async () => {
    registry.override(manifests, (_request, response) =>
      response.writeHead(307, { location: 'https://10.0.0.1/v2/' }).end(),
    );
    expect(await verdict(attestor(EC))).toMatch(/^unknown: .*10\.0\.0\.1 is not on the list/);
  });

  it('is unknown for silence', async () => {
    registry.override(manifests, () => undefined);
    expect(await verdict(attestor(EC), undefined, 500)).toMatch(
      /^unknown: .* did not answer in time\.$/,
    );
  });

  it('is unknown for another image than was asked for', async () => {
    pushImage();
    const wrong = `sha256:${'0'.repeat(64)}`;
    registry.override(manifests, (_request, response) => response.end('{}'));
    expect(await verdict(attestor(EC), `@${wrong}`)).toBe(
      'unknown: The registry gave another image than the one with this digest.',
    );
  });

  it('asks no host that is not on the list', async () => {
    const request = { kind: 'image', reference: `${registry.host}/a/b:1`, attestors: [] } as const;
    expect(await fetchImage(request, { hosts: ['ghcr.io'] })).toEqual({
      state: 'unknown',
      reason: `Its registry could not be asked: host ${registry.host} is not on the list of registries.`,
    });
    expect(registry.requests).toEqual([]);
  });
});

describe('an image that is not there', () => {
  const manifests = `/v2/${REPOSITORY}/manifests/`;
  const list = `/v2/${REPOSITORY}/tags/list`;
  const says = (code: string) => JSON.stringify({ errors: [{ code, message: 'x' }] });
  type Handler = Parameters<FakeRegistry['override']>[1];
  const with404 =
    (body: string): Handler =>
    (_, response) =>
      response.writeHead(404).end(body);
  const tags =
    (found: unknown): Handler =>
    (_, response) =>
      response.end(JSON.stringify({ tags: found }));

  it.each<[string, Handler, Handler, object]>([
    [
      'another tag is shown',
      with404(says('MANIFEST_UNKNOWN')),
      tags(['1.0.0']),
      { isMissing: true },
    ],
    ['no tag is shown', with404(says('MANIFEST_UNKNOWN')), tags([]), { isHidden: true }],
    ['the list is null', with404(says('MANIFEST_UNKNOWN')), tags(null), { isHidden: true }],
    [
      'the repository is not shown',
      with404(says('MANIFEST_UNKNOWN')),
      with404(says('NAME_UNKNOWN')),
      { isHidden: true },
    ],
    ['it names no such repository', with404(says('NAME_UNKNOWN')), tags(['1']), { isHidden: true }],
    ['something before it answers', with404('<html>Not found'), tags(['1']), { isHidden: true }],
    ['the answer is odd', with404('{"errors":{"code":1}}'), tags(['1']), { isHidden: true }],
  ])('where %s', async (_, manifest, listed, expected) => {
    registry.override(manifests, manifest);
    registry.override(list, listed);
    const reference = `${registry.host}/${REPOSITORY}:9`;
    const request = { kind: 'image', reference, attestors: [] } as const;
    expect(await fetchImage(request, { hosts: [registry.host] })).toEqual({
      state: 'known',
      value: { digest: '', signatures: [], ...expected },
    });
  });

  it('is unknown where listing is refused', async () => {
    registry.override(manifests, with404(says('MANIFEST_UNKNOWN')));
    registry.override(list, (_, response) => response.writeHead(401).end());
    expect(await verdict(attestor(EC))).toMatch(/^unknown: Its registry could not be asked/);
  });
});

describe('tags of a repository', () => {
  const list = `/v2/${REPOSITORY}/tags/list`;

  /** Gives a number of tags, so many a page, as registries do. */
  function give(
    count: number,
    page: number,
    next = (last: string) => `${list}?n=${page}&last=${last}`,
  ) {
    registry.override(list, (request, response) => {
      const last = new URL(request.url ?? '', 'http://x').searchParams.get('last');
      const start = last === null ? 0 : Number(last.slice(1)) + 1;
      const names = Array.from(
        { length: Math.min(page, count - start) },
        (_, at) => `t${start + at}`,
      );
      const isLast = start + page >= count;
      const link = isLast ? {} : { link: `<${next(names.at(-1) ?? '')}>; rel="next"` };
      response.writeHead(200, link).end(JSON.stringify({ name: REPOSITORY, tags: names }));
    });
  }

  async function tags(hosts = [registry.host]): Promise<string> {
    const request = { kind: 'tags', repository: `${registry.host}/${REPOSITORY}` } as const;
    const answer = await fetchTags(request, { hosts, milliseconds: 60_000 });
    return answer.state === 'known' ? `${answer.value.length} tags` : answer.reason;
  }

  it('are read page by page', async () => {
    give(2500, 1000);
    expect(await tags()).toBe('2500 tags');
    expect(registry.requests.map(({ path }) => path)).toEqual([
      `${list}?n=1000`,
      `${list}?n=1000&last=t999`,
      `${list}?n=1000&last=t1999`,
    ]);
  });

  it('are 50,000 at most', async () => {
    give(50_000, 10_000);
    expect(await tags()).toBe('50000 tags');
  });

  it('are unknown where there are more', async () => {
    give(50_001, 10_000);
    expect(await tags()).toBe('Its repository has more than 50000 tags, which are not all read.');
  });

  it('stay with the registry, wherever it says that they go on', async () => {
    give(3, 2, (last) => `http://169.254.169.254/steal?last=${last}`);
    expect(await tags()).toBe('3 tags');
    expect(registry.requests.map(({ path }) => path)).toEqual([
      `${list}?n=1000`,
      `${list}?last=t1`,
    ]);
  });

  it.each<[string, Parameters<FakeRegistry['override']>[1], string]>([
    [
      'a next page without a place',
      (_, r) => r.writeHead(200, { link: '</x>; rel="next"' }).end('{"tags":["a"]}'),
      'Its registry could not be asked: the registry does not say where its list of tags goes on.',
    ],
    [
      'a list without an end',
      (_, r) => r.writeHead(200, { link: '</x?last=a>; rel="next"' }).end('{"tags":["a"]}'),
      'Its registry could not be asked: the list of tags goes on without an end.',
    ],
    [
      'HTML',
      (_, r) => r.end('<html>'),
      'Its registry could not be asked: the registry gave no list of tags.',
    ],
    [
      'no list',
      (_, r) => r.end('{"tags":"a"}'),
      'Its registry could not be asked: the registry gave no list of tags.',
    ],
    [
      'no repository',
      (_, r) => r.writeHead(404).end(),
      'Its registry has no such repository, or does not show it here.',
    ],
    [
      'too much',
      (_, r) => r.end(Buffer.alloc(5 * 1024 * 1024)),
      'Its registry could not be asked: the answer of the registry is too large.',
    ],
  ])('are unknown for %s', async (_, handler, reason) => {
    registry.override(list, handler);
    expect(await tags()).toBe(reason);
  });

  it('leave out what is no tag', async () => {
    const hostile = ['ok', '', '../x', 'a b', 'x'.repeat(129), 7, null, { a: 1 }];
    registry.override(list, (_, response) => response.end(JSON.stringify({ tags: hostile })));
    expect(await tags()).toBe('1 tags');
  });

  it('are asked of no host that is not on the list', async () => {
    expect(await tags(['ghcr.io'])).toBe(
      `Its registry could not be asked: host ${registry.host} is not on the list of registries.`,
    );
    expect(registry.requests).toEqual([]);
  });
});

it.each([
  ['10.1.2.3', true],
  ['169.254.169.254', true],
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:10.0.0.1', true],
  ['fd00::1', true],
  ['2002:a00:1::', true],
  ['140.82.112.3', false],
  ['2606:50c0:8000::153', false],
])('knows whether %s is private: %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});

describe('credentials of the operator', () => {
  const basic = Buffer.from('user:secret').toString('base64');
  const file = (host: string) => JSON.stringify({ auths: { [host]: { auth: basic } } });

  async function asked(credentials: string) {
    pushImage();
    const reference = `${registry.host}/${REPOSITORY}:1.0.0`;
    return fetchImage(
      { kind: 'image', reference, attestors: [] },
      { hosts: [registry.host], credentials: readCredentials(credentials), milliseconds: 60_000 },
    );
  }

  it('go to the registry that asks for them, and into no message', async () => {
    registry.override('/v2/', (request, response) => {
      if (request.headers.authorization === `Basic ${basic}`) response.end('{"layers":[]}');
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    expect(await asked(file(registry.host))).toMatchObject({ state: 'known' });
    const refused = await asked(file('elsewhere.example'));
    expect(refused).toMatchObject({
      reason: expect.stringContaining('the operator gives none for it') as unknown,
    });
    expect(JSON.stringify(refused)).not.toContain(basic);
  });

  it('go to the place of tokens only when that is the same host', async () => {
    const other = await startRegistry();
    try {
      registry.override('/v2/', (request, response) => {
        if (request.headers.authorization === 'Bearer pull') response.end('{"layers":[]}');
        else {
          const realm = `Bearer realm="http://${other.host}/token"`;
          response.writeHead(401, { 'www-authenticate': realm }).end();
        }
      });
      pushImage();
      const reference = `${registry.host}/${REPOSITORY}:1.0.0`;
      const hosts = [registry.host, other.host];
      const credentials = readCredentials(file(registry.host));
      await fetchImage({ kind: 'image', reference, attestors: [] }, { hosts, credentials });
      expect(other.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
    } finally {
      await other.close();
    }
  });

  it('never follow a redirect to another host', async () => {
    const other = await startRegistry();
    try {
      registry.override('/v2/', (request, response) => {
        if (request.headers.authorization === undefined) {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        } else response.writeHead(307, { location: `http://${other.host}/v2/a` }).end();
      });
      const reference = `${registry.host}/${REPOSITORY}:1.0.0`;
      const hosts = [registry.host, other.host];
      const credentials = readCredentials(file(registry.host));
      await fetchImage({ kind: 'image', reference, attestors: [] }, { hosts, credentials });
      expect(other.requests.length).toBeGreaterThan(0);
      expect(other.requests.every(({ authorization }) => authorization === undefined)).toBe(true);
    } finally {
      await other.close();
    }
  });

  it.each([
    ['{', 'It is no JSON.'],
    ['{}', 'It has no "auths".'],
    ['[]', 'It has no "auths".'],
    ['null', 'It has no "auths".'],
  ])('cannot be read from %s', (text, message) => {
    expect(() => readCredentials(text)).toThrow(message);
  });

  it('know the hub by the names that Docker writes', () => {
    const text = JSON.stringify({
      auths: {
        'https://index.docker.io/v1/': { auth: 'YTpi' },
        'GHCR.io': { username: 'a', password: 'b' },
        'broken.example': { auth: 'a b' },
        'helper.example': {},
      },
    });
    expect([...readCredentials(text)]).toEqual([
      ['registry-1.docker.io', 'YTpi'],
      ['ghcr.io', 'YTpi'],
    ]);
  });
});
