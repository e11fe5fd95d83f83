import type { Section, SectionBlock, SectionCell } from '../../model/section.ts';
import type { RepositoryChange, RuleContext } from '../rule.ts';
import { isHeldBack } from './bypasses.ts';
import { knownCommits, newlyVerifying, trustOf, type VerifyingSource } from './trust.ts';
import {
  endOf,
  isHiddenKeyringChanged,
  type KeyChange,
  type KeyringChange,
  keyringChange,
  newKeyring,
  ownerOf,
  settingChanges,
} from './trust-changes.ts';

/** What a change does to whom Flux trusts: a section for each source, and one for our settings. */
export function trustSections(change: RepositoryChange, context: RuleContext): Section[] {
  const after = trustOf(change.after, context);
  const ofSources = trustOf(change.before, context).verifying.flatMap((source): Section[] => {
    const now = after.verifying.find(({ id }) => id === source.id);
    if (now === undefined && isHeldBack(change, source)) return [];
    const isWatching = after.watching.some(({ id }) => id === source.id);
    const blocks = now ? blocksOf(change, source, now, context) : [text(goneText(isWatching))];
    if (blocks.length === 0) return [];
    const { object, cluster } = source;
    const name = `${object.namespace ?? ''}/${object.resource.name} in ${cluster.name}`;
    return [toSection(`This changes whom Flux trusts: ${name}`, blocks)];
  });
  const switchedOn = newlyVerifying(change, context).map((source) =>
    switchedOnSection(source, context),
  );
  return [...ofSources, ...switchedOn, ...ofSettings(change)];
}

function toSection(title: string, blocks: readonly SectionBlock[]): Section {
  return { area: 'commit-signatures', title, blocks };
}

/** The keyring that comes with verification, and what it makes of the branch as it is. */
function switchedOnSection(source: VerifyingSource, context: RuleContext): Section {
  const { object, cluster, keyring, keys, verify } = source;
  const name = `${object.namespace ?? ''}/${object.resource.name} in ${cluster.name}`;
  const title = `This switches verification on: ${name}`;
  const commits = knownCommits(context);
  const change = commits && newKeyring(source, commits);
  if (commits === undefined || change === undefined) {
    const why = keys.state === 'unknown' ? keys.reason : 'The commits of the branch are not known.';
    return toSection(title, [text(`From this merge on Flux verifies the branch. ${why}`)]);
  }
  const accepted = commits.baseHeads.filter(({ verdicts }) => {
    const verdict = verdicts[keyring];
    return verdict?.state === 'known' && verdict.value.accepted;
  });
  const words = `From this merge on Flux deploys only what is signed with a key of Secret ${verify.secret}, this merge included. Of the last ${commits.baseHeads.length} heads of the branch it would have accepted ${accepted.length}.`;
  return toSection(title, [text(words), ...tableOf(change)]);
}

function goneText(isWatching: boolean): string {
  return isWatching
    ? 'Verification is switched off: Flux then deploys whatever is pushed to the branch.'
    : 'The source no longer follows this branch of this repository.';
}

function blocksOf(
  change: RepositoryChange,
  source: VerifyingSource,
  now: VerifyingSource,
  context: RuleContext,
): SectionBlock[] {
  const blocks: SectionBlock[] = [];
  if (source.verify.mode !== now.verify.mode) {
    blocks.push(text(`spec.verify.mode: ${source.verify.mode} becomes ${now.verify.mode}.`));
  }
  if (source.verify.secret !== now.verify.secret) {
    const words = `${source.verify.secret} becomes ${now.verify.secret}`;
    blocks.push(text(`The Secret with the keys: ${words}.`));
  }
  const keys = keyringChange(source, now, context);
  if (keys === undefined) {
    if (!isHiddenKeyringChanged(change, source, now)) return blocks;
    const words = `Secret ${now.verify.secret} changes, and its keys cannot be read here: which of them come and go is not known.`;
    return [...blocks, text(words)];
  }
  return [...blocks, ...tableOf(keys)];
}

function tableOf(change: KeyringChange): SectionBlock[] {
  const { added, removed } = change;
  if (added.length + removed.length === 0) return [];
  const rows = [
    ...added.map((key) => rowOf('added', key)),
    ...removed.map((key) => rowOf('taken out', key)),
  ];
  return [
    text('The keyring is the list of public keys whose signatures Flux accepts.'),
    {
      kind: 'table',
      head: ['Key', 'Fingerprint', 'Owner, by its own word', 'Expires', 'Entry', 'Signed'],
      rows,
    },
    text(
      'Compare the fingerprint of a new key with its owner by another way than this pull request. “Signed” counts the newest heads of the branch and the commits of this change. To rotate a key: add the new one, merge, switch people and automation to it, and take the old one out in a later change, once no head is signed with it.',
    ),
  ];
}

function rowOf(what: string, { key, entry, signed }: KeyChange): SectionCell[] {
  const commits = signed === 0 ? 'none' : `${signed} commit${signed === 1 ? '' : 's'}`;
  return [
    { text: what },
    { text: key.fingerprint, isCode: true },
    { text: ownerOf(key) },
    { text: endOf(key) },
    { text: entry, isCode: true },
    { text: what === 'added' ? '' : commits },
  ];
}

function ofSettings(change: RepositoryChange): Section[] {
  const rows = settingChanges(change).map(({ setting, before, after }) => [
    { text: setting, isCode: true as const },
    { text: before, isCode: true as const },
    { text: after, isCode: true as const },
  ]);
  if (rows.length === 0) return [];
  return [
    toSection('This changes whom Fluxgate trusts', [
      text(
        'These settings say which keys Fluxgate judges signatures by. They count once they are merged; this pull request is judged by the old ones.',
      ),
      { kind: 'table', head: ['Setting', 'Before', 'After'], rows },
    ]),
  ];
}

function text(words: string): SectionBlock {
  return { kind: 'text', text: words };
}
