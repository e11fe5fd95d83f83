import type { PgpKeyRecord, SshKeyRecord } from '../../model/commit.ts';
import type { CommitFacts } from '../../model/evidence.ts';
import type { FileTree } from '../../model/file-tree.ts';
import { placeOf, valueAt } from '../../model/field-path.ts';
import { type LocatedMap, toPlain } from '../../model/located.ts';
import { plainJson } from '../../model/plain-json.ts';
import { type Place, SourceText } from '../../model/source.ts';
import { parseYaml } from '../../yaml/parse.ts';
import type { Repository, RepositoryChange, RuleContext } from '../rule.ts';
import { knownCommits, type VerifyingSource } from './trust.ts';

type KeyRecord = PgpKeyRecord | SshKeyRecord;

/** A key that a change adds to a keyring, or takes out of it. */
export interface KeyChange {
  readonly key: KeyRecord;
  readonly entry: string;
  /** How many of the commits that are known here it signed: heads of the base, and the change's. */
  readonly signed: number;
}

/** What a change does to the keyring of a source. */
export interface KeyringChange {
  readonly added: readonly KeyChange[];
  readonly removed: readonly KeyChange[];
  /** No key stays of a keyring that had some. */
  readonly isReplaced: boolean;
}

/** Keys that come and go; undefined where either side is not known. */
export function keyringChange(
  source: VerifyingSource,
  now: VerifyingSource,
  context: RuleContext,
): KeyringChange | undefined {
  const commits = knownCommits(context);
  const [before, after] = [source, now].map(({ keyring }) => commits?.keyrings[keyring]);
  if (commits === undefined || before === undefined || after === undefined) return undefined;
  const signers = [...commits.baseHeads, ...commits.change].flatMap(({ verdicts }) => {
    const verdict = verdicts[source.keyring];
    return verdict?.state === 'known' && verdict.value.accepted ? [verdict.value.key] : [];
  });
  const list = (entries: typeof before): KeyChange[] =>
    entries.flatMap(({ name: entry, keys }) =>
      keys.map((key) => ({
        key,
        entry,
        signed: signers.filter(({ fingerprint }) => fingerprint === key.fingerprint).length,
      })),
    );
  const [old, current] = [list(before), list(after)];
  const without = (all: KeyChange[], others: KeyChange[]) => {
    const known = new Set(others.map(({ key }) => key.fingerprint));
    return all.filter(({ key }) => !known.has(key.fingerprint));
  };
  const [added, removed] = [without(current, old), without(old, current)];
  const isReplaced = old.length > 0 && current.length > 0 && removed.length === old.length;
  return { added, removed, isReplaced };
}

/** All keys of a keyring that Flux did not verify with before; undefined where they are not known. */
export function newKeyring(
  { keyring }: VerifyingSource,
  { keyrings }: CommitFacts,
): KeyringChange | undefined {
  const added = keyrings[keyring]?.flatMap(({ name: entry, keys }) =>
    keys.map((key) => ({ key, entry, signed: 0 })),
  );
  return added && { added, removed: [], isReplaced: false };
}

/**
 * Whether a keyring that nobody can read here is another one after the change: manifests of its
 * name are compared as they are written, since what is encrypted is unknown once it is rendered.
 */
export function isHiddenKeyringChanged(
  { before, after }: RepositoryChange,
  source: VerifyingSource,
  now: VerifyingSource,
): boolean {
  if (source.keys.state === 'known' && now.keys.state === 'known') return false;
  return written(before, source.verify.secret) !== written(after, now.verify.secret);
}

function written(repository: Repository | undefined, secret: string): string {
  const secrets = (repository?.files ?? []).flatMap(({ resources }) =>
    resources.filter(({ kind, name }) => kind === 'Secret' && name === secret),
  );
  return plainJson(secrets.map(({ root }) => toPlain(root)));
}

/** A setting of our own configuration by which signatures are judged, and that the change touches. */
export interface SettingChange {
  readonly setting: string;
  readonly before: string;
  readonly after: string;
  readonly place: Place;
}

const CONFIG_PATH = '.github/fluxgate.yaml';

/** Settings that say whom to trust. */
const SETTINGS = ['keys', 'webFlowKeys', 'webFlowKey'];

/** What a change makes of our own list of keys. Its text is attacker-controlled. */
export function settingChanges({ before, after }: RepositoryChange): SettingChange[] {
  if (before === undefined) return [];
  if (before.tree.entry(CONFIG_PATH)?.id === after.tree.entry(CONFIG_PATH)?.id) return [];
  const [old, current] = [readConfig(before.tree), readConfig(after.tree)];
  return SETTINGS.flatMap((name): SettingChange[] => {
    const path = ['commitSignatures', name];
    const [was, is] = [toText(old, path), toText(current, path)];
    if (was === is) return [];
    const place = current ? placeOf(current, path) : { path: CONFIG_PATH, line: 1, endLine: 1 };
    return [{ setting: path.join('.'), before: was, after: is, place }];
  });
}

function readConfig(tree: FileTree): LocatedMap | undefined {
  const content = tree.read(CONFIG_PATH);
  if (content.state !== 'text') return undefined;
  const [root] = parseYaml(new SourceText(CONFIG_PATH, content.text), 'kubernetes').documents;
  return root?.kind === 'map' ? root : undefined;
}

function toText(root: LocatedMap | undefined, path: readonly string[]): string {
  const node = root && valueAt(root, path);
  return node === undefined ? 'nothing' : plainJson(toPlain(node));
}

/** Who owns a key, by the names that it bears. */
export function ownerOf(key: KeyRecord): string {
  const names = key.kind === 'openpgp' ? key.userIds.join(', ') : key.comment;
  return names || 'nobody named';
}

/** `2027-03-31`, or `never`. */
export function endOf(key: KeyRecord): string {
  if (key.kind === 'ssh' || key.expires === undefined) return 'never';
  return new Date(key.expires * 1000).toISOString().slice(0, 10);
}
