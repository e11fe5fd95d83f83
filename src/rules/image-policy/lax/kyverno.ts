import { type FieldPath, valueAt } from '../../../model/field-path.ts';
import type { Located, LocatedMap } from '../../../model/located.ts';
import { isTrue, mapsOf } from '../verifiers/nodes.ts';
import { type ActionOverride, overridesOf } from '../verifiers/overrides.ts';
import { faultOfKey } from './attestor-key.ts';
import { judgeAsked, judgeExclusion, judgeOverrides } from './gaps.ts';
import { type EntryAt, judgeMeant, judgeSkipped } from './patterns.ts';
import type { Say } from './say.ts';

/** `verifyImages` of a ClusterPolicy or Policy that does not guard. */
export function judgeVerifyImages(root: LocatedMap, say: Say): void {
  const rules = valueAt(root, ['spec', 'rules']);
  const spec = root.map('spec');
  const action = spec?.text('validationFailureAction');
  const overrides = overridesOf(spec);
  const inherited = toInherited(action, overrides);
  const all: EntryAt[] = [];
  for (const [at, rule] of (rules?.kind === 'list' ? rules.items : []).entries()) {
    const entries = rule.kind === 'map' ? rule.list('verifyImages')?.items : undefined;
    for (const [index, entry] of (entries ?? []).entries()) {
      if (entry.kind !== 'map') continue;
      const path = ['spec', 'rules', at, 'verifyImages', index];
      all.push({ entry, path });
      judgeEntry(entry, path, inherited, say);
    }
    if (rule.kind === 'map' && entries !== undefined) {
      judgeExclusion(rule, ['spec', 'rules', at], say);
    }
  }
  if (all.length === 0) return;
  judgeMeant(all, say);
  if (inherited.enforces) judgeOverrides(overrides, say);
  judgeAsked(spec, say);
  if (action !== undefined) {
    const isWord = /^(?:audit|enforce)$/i.test(action);
    say(
      ['spec', 'validationFailureAction'],
      isWord ? 'advice' : 'risk',
      isWord
        ? 'uses the deprecated field validationFailureAction'
        : `has validationFailureAction "${action}", which is neither Audit nor Enforce`,
      'Use `failureAction: Enforce` on each entry of `verifyImages`.',
    );
  }
  const autogen = root.map('metadata')?.map('annotations')?.text(AUTOGEN);
  if (autogen === 'none' && mutates(root)) {
    const what =
      'matches Pods and not the controllers that make them, while digests are written into Pods: a Deployment passes, and its pods are refused later';
    say(['metadata', 'annotations', AUTOGEN], 'advice', what, 'Leave the annotation out.');
  }
}

/** What holds for an entry that names no action. */
interface Inherited {
  /** The policy's own, whatever namespaces have. */
  readonly action: string;
  readonly enforces: boolean;
  /** `Audit`, with the namespaces in which it is another one. */
  readonly text: string;
}

function toInherited(action: string | undefined, overrides: readonly ActionOverride[]): Inherited {
  const others = overrides.filter(({ enforces }) => enforces);
  const enforces =
    action?.toLowerCase() === 'enforce' || others.some(({ isEverywhere }) => isEverywhere);
  const [first] = others;
  const except = first === undefined ? '' : `, except ${first.where}`;
  return { action: action ?? 'Audit', enforces, text: `${action ?? 'Audit'}${except}` };
}

const AUTOGEN = 'pod-policies.kyverno.io/autogen-controllers';

function mutates(root: LocatedMap): boolean {
  return mapsOf(root.map('spec')?.get('rules'))
    .flatMap((rule) => mapsOf(rule.get('verifyImages')))
    .some((entry) => !isFalse(entry.get('mutateDigest')));
}

function isFalse(node: Located | undefined): boolean {
  return node?.kind === 'scalar' && node.value === false;
}

/** Fields at the top of an entry, with what replaces them. */
const DEPRECATED = [
  ['image', '`imageReferences`'],
  ['key', '`attestors`'],
  ['roots', '`attestors`'],
  ['subject', '`attestors`'],
  ['issuer', '`attestors`'],
  ['annotations', '`attestors`'],
] as const;

function judgeEntry(entry: LocatedMap, path: FieldPath, inherited: Inherited, say: Say): void {
  const own = entry.text('failureAction');
  if (own === undefined ? !inherited.enforces : own.toLowerCase() !== 'enforce') {
    const what = `only reports images that are not signed (${own ?? inherited.text}), and lets them run`;
    say([...path, 'failureAction'], 'risk', what, 'Set `failureAction: Enforce` on the entry.');
  }
  const isAudit = (own ?? inherited.action).toLowerCase() !== 'enforce';
  if (isAudit && !isFalse(entry.get('mutateDigest'))) {
    const what =
      'writes digests into pods (mutateDigest, unless it is false) under the action Audit, which Kyverno refuses: the policy is not taken';
    const fix =
      'Set `failureAction: Enforce` on the entry, or `mutateDigest: false` while it is tried out.';
    say([...path, 'mutateDigest'], 'denied', what, fix);
  }
  for (const [field, what] of [
    ['required', 'does not demand that images were verified'],
    ['verifyDigest', 'takes images without a digest'],
    [
      'mutateDigest',
      'leaves tags as they are, so what was verified can be replaced behind its tag',
    ],
  ] as const) {
    // Under Audit Kyverno demands it.
    if (!isFalse(entry.get(field)) || (isAudit && field === 'mutateDigest')) continue;
    say([...path, field], 'risk', `${what} (${field}: false)`, `Leave \`${field}\` out.`);
  }
  const old = DEPRECATED.filter(([field]) => entry.get(field) !== undefined);
  const [first] = old;
  if (first !== undefined) {
    const names = old.map(([field]) => field).join(', ');
    const what = `uses the deprecated field${old.length > 1 ? 's' : ''} ${names} of verifyImages`;
    const instead = [...new Set(old.map(([, use]) => use))].join(' and ');
    say([...path, first[0]], 'advice', what, `Use ${instead}.`);
  }
  if (entry.get('failureActionOverrides') !== undefined) {
    const what =
      'has failureActionOverrides in an entry of verifyImages, where no such field is: the API server refuses it, or drops it';
    const fix = 'Use two policies, one for each action.';
    say([...path, 'failureActionOverrides'], 'denied', what, fix);
  }
  judgeSkipped({ entry, path }, say);
  judgeAttestors(entry, path, say);
}

/** Whose signature counts where the entry itself says so, as policies before `attestors` do. */
function judgeOldForm(entry: LocatedMap, path: FieldPath, say: Say): void {
  if (entry.get('key') !== undefined || entry.get('attestations') !== undefined) return;
  const missing = ['issuer', 'subject'].filter((field) => entry.text(field) === undefined);
  if (missing.length === 2 && entry.get('roots') === undefined) {
    const what = 'names nobody whose signature counts (no attestors)';
    say(path, 'risk', what, 'Name `attestors`.');
  } else if (missing.length > 0) {
    const what = `takes keyless signatures without ${missing.join(' and ')}: anybody can get such a signature`;
    say(path, 'advice', what, 'Name `attestors` with a keyless `issuer` and `subject`.');
  }
}

function judgeAttestors(entry: LocatedMap, path: FieldPath, say: Say): void {
  const sets = mapsOf(entry.get('attestors'));
  if (sets.length === 0) judgeOldForm(entry, path, say);
  for (const [at, set] of sets.entries()) {
    for (const [index, attestor] of mapsOf(set.get('entries')).entries()) {
      const here = [...path, 'attestors', at, 'entries', index];
      const keys = attestor.map('keys');
      const text = keys?.text('publicKeys');
      const fault = text === undefined ? undefined : faultOfKey(text);
      if (fault !== undefined) {
        say(
          [...here, 'keys', 'publicKeys'],
          'risk',
          fault,
          'Put the public key of the signer there.',
        );
      }
      const keyless = attestor.map('keyless');
      if (keyless === undefined) continue;
      const names = ['issuer', 'issuerRegExp', 'subject', 'subjectRegExp'];
      const missing = ['issuer', 'subject'].filter(
        (name) => !names.some((each) => each.startsWith(name) && keyless.text(each)),
      );
      if (missing.length > 0) {
        const what = `takes keyless signatures without ${missing.join(' and ')}: anybody can get such a signature`;
        say(
          [...here, 'keyless'],
          'risk',
          what,
          'Name issuer and subject of the workflow that signs.',
        );
      }
      judgeLooseness(keyless, [...here, 'keyless'], say);
      if (isTrue(keyless.map('rekor')?.get('ignoreTlog'))) {
        const what = 'takes keyless signatures without a log, so nothing tells when they were made';
        say([...here, 'keyless', 'rekor', 'ignoreTlog'], 'risk', what, 'Leave `ignoreTlog` out.');
      }
    }
  }
}

/** A regular expression that any text satisfies. */
const TAKES_ALL = /^\^?\(?\.[*+]\)?\$?$/;

/** Regular expressions that are found anywhere in an identity, and stars for all of it. */
export function judgeLooseness(identity: LocatedMap, path: FieldPath, say: Say): void {
  for (const field of ['issuerRegExp', 'subjectRegExp']) {
    const text = identity.text(field);
    if (text === undefined || text === '') continue;
    if (TAKES_ALL.test(text)) {
      const what = `takes every ${field.slice(0, -'RegExp'.length)} ("${text}")`;
      say([...path, field], 'risk', what, 'Name the workflow that signs.');
      continue;
    }
    if (text.startsWith('^') && (text.endsWith('$') || text.endsWith('.*'))) continue;
    const what = `has the pattern "${text.slice(0, 200)}" in ${field}, which is not anchored: it is found anywhere in a longer name, too`;
    say([...path, field], 'risk', what, 'Begin it with `^` and end it with `$`.');
  }
  const subject = identity.text('subject');
  if (subject !== undefined && /^\*+$/.test(subject)) {
    say([...path, 'subject'], 'risk', 'takes every subject ("*")', 'Name the workflow that signs.');
  }
}
