import { type FieldPath, valueAt } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { isTrue, mapsOf, textsOf } from '../verifiers/nodes.ts';
import { faultOfKey } from './attestor-key.ts';
import type { Say } from './say.ts';

/** `verifyImages` of a ClusterPolicy or Policy that does not guard. */
export function judgeVerifyImages(root: LocatedMap, say: Say): void {
  const rules = valueAt(root, ['spec', 'rules']);
  const spec = root.map('spec');
  const action = spec?.text('validationFailureAction');
  let verifies = false;
  for (const [at, rule] of (rules?.kind === 'list' ? rules.items : []).entries()) {
    const entries = rule.kind === 'map' ? rule.list('verifyImages')?.items : undefined;
    for (const [index, entry] of (entries ?? []).entries()) {
      if (entry.kind !== 'map') continue;
      verifies = true;
      judgeEntry(entry, ['spec', 'rules', at, 'verifyImages', index], action, say);
    }
  }
  if (!verifies) return;
  if (spec?.text('failurePolicy') === 'Ignore') {
    const what = 'lets images pass whenever Kyverno does not answer (failurePolicy: Ignore)';
    say(['spec', 'failurePolicy'], 'risk', what, 'Set `failurePolicy` to Fail.');
  }
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

const AUTOGEN = 'pod-policies.kyverno.io/autogen-controllers';

function mutates(root: LocatedMap): boolean {
  return mapsOf(root.map('spec')?.get('rules'))
    .flatMap((rule) => mapsOf(rule.get('verifyImages')))
    .some((entry) => {
      const value = entry.get('mutateDigest');
      return !(value?.kind === 'scalar' && value.value === false);
    });
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

function judgeEntry(
  entry: LocatedMap,
  path: FieldPath,
  inherited: string | undefined,
  say: Say,
): void {
  const action = entry.text('failureAction') ?? inherited ?? 'Audit';
  if (action.toLowerCase() !== 'enforce') {
    const what = `only reports images that are not signed (${action}), and lets them run`;
    say([...path, 'failureAction'], 'risk', what, 'Set `failureAction: Enforce` on the entry.');
  }
  for (const [field, what] of [
    ['required', 'does not demand that images were verified'],
    ['verifyDigest', 'takes images without a digest'],
    [
      'mutateDigest',
      'leaves tags as they are, so what was verified can be replaced behind its tag',
    ],
  ] as const) {
    const value = entry.get(field);
    if (value?.kind !== 'scalar' || value.value !== false) continue;
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
  judgePatterns(entry, path, say);
  judgeAttestors(entry, path, say);
}

function judgePatterns(entry: LocatedMap, path: FieldPath, say: Say): void {
  for (const [index, pattern] of textsOf(entry.get('imageReferences')).entries()) {
    const first = pattern.slice(0, pattern.indexOf('/') + 1);
    const at = [...path, 'imageReferences', index];
    if (!/[*?.:]/.test(first) && !pattern.startsWith('*') && first !== 'localhost/') {
      const what = `has the pattern "${pattern}", which matches no image: images are compared with their registry, as in docker.io/${pattern}`;
      say(at, 'risk', what, 'Begin the pattern with the registry.');
    } else if (/^(?:index\.)?docker\.io\/library\//.test(pattern)) {
      const what = `has the pattern "${pattern}", which misses images of the hub that are written without "library/": those are compared as docker.io/NAME`;
      say(at, 'risk', what, 'Also match `docker.io/NAME*`.');
    } else if (pattern.endsWith(':*')) {
      const what = `has the pattern "${pattern}", which misses every image with a digest: a digest takes the tag's place`;
      say(at, 'risk', what, `Use \`${pattern.slice(0, -2)}*\`, which covers tags and digests.`);
    }
  }
  for (const [index, pattern] of textsOf(entry.get('skipImageReferences')).entries()) {
    const isWide = /^[*?]/.test(pattern) || /^[^/]*\/\*+$/.test(pattern);
    const what = isWide
      ? `skips "${pattern}", which is everything of a registry: what is skipped passes unverified`
      : `skips "${pattern}": what is skipped passes unverified`;
    say(
      [...path, 'skipImageReferences', index],
      isWide ? 'risk' : 'advice',
      what,
      'Skip no more than a single image, or leave the pattern out.',
    );
  }
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

/** Regular expressions that are found anywhere in an identity, and stars for all of it. */
export function judgeLooseness(identity: LocatedMap, path: FieldPath, say: Say): void {
  for (const field of ['issuerRegExp', 'subjectRegExp']) {
    const text = identity.text(field);
    if (text === undefined || text === '') continue;
    if (text.startsWith('^') && (text.endsWith('$') || text.endsWith('.*'))) continue;
    const what = `has the pattern "${text.slice(0, 200)}" in ${field}, which is not anchored: it is found anywhere in a longer name, too`;
    say([...path, field], 'risk', what, 'Begin it with `^` and end it with `$`.');
  }
  const subject = identity.text('subject');
  if (subject !== undefined && /^\*+$/.test(subject)) {
    say([...path, 'subject'], 'risk', 'takes every subject ("*")', 'Name the workflow that signs.');
  }
}
