import type { FieldPath } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { listed } from '../matching/words.ts';
import { isTrue, mapsOf, textsOf } from '../verifiers/nodes.ts';
import { faultOfKey } from './attestor-key.ts';
import { judgeAsked } from './gaps.ts';
import { judgeLooseness } from './kyverno.ts';
import type { Say } from './say.ts';

/** ImageValidatingPolicy that does not guard. */
export function judgeValidatingPolicy(root: LocatedMap, say: Say): void {
  const spec = root.map('spec');
  if (spec === undefined) return;
  const actions = textsOf(spec.get('validationActions'));
  if (actions.length > 0 && !actions.includes('Deny')) {
    const what = `only reports images that are not signed (${actions.join(', ')}), and lets them run`;
    say(['spec', 'validationActions'], 'risk', what, 'Set `validationActions: [Deny]`.');
  }
  judgeAsked(spec, say);
  const configuration = spec.map('validationConfigurations');
  for (const field of ['required', 'verifyDigest', 'mutateDigest']) {
    const value = configuration?.get(field);
    if (value?.kind !== 'scalar' || value.value !== false) continue;
    const path = ['spec', 'validationConfigurations', field];
    const what = `does less than the default (${field}: false)`;
    say(path, 'risk', what, `Leave \`${field}\` out.`);
  }
  judgeExclusions(spec, say);
  if (mapsOf(spec.get('validations')).length === 0) {
    say(['spec'], 'risk', 'has no validations, so it demands nothing', 'Add `validations`.');
  }
  for (const [index, attestor] of mapsOf(spec.get('attestors')).entries()) {
    judgeAttestor(attestor, ['spec', 'attestors', index, 'cosign'], say);
  }
}

function judgeExclusions(spec: LocatedMap, say: Say): void {
  const path = ['spec', 'matchConstraints', 'excludeResourceRules'];
  const rules = mapsOf(spec.map('matchConstraints')?.get('excludeResourceRules'));
  if (rules.length === 0) return;
  const isAll = rules.some((rule) => {
    const resources = textsOf(rule.get('resources'));
    const isOpen = textsOf(rule.get('resourceNames')).length === 0;
    return isOpen && (resources.includes('pods') || resources.includes('*'));
  });
  const names = rules.flatMap((rule) => textsOf(rule.get('resourceNames')));
  const what = isAll
    ? 'leaves out all pods, so it verifies nothing (excludeResourceRules)'
    : names.length > 0
      ? `leaves out objects named ${listed(names)}: their images run unverified (excludeResourceRules)`
      : 'leaves objects out: their images run unverified (excludeResourceRules)';
  say(
    path,
    isAll ? 'risk' : 'advice',
    what,
    'Leave out no more than the one object that needs it.',
  );
}

function judgeAttestor(attestor: LocatedMap, path: FieldPath, say: Say): void {
  const cosign = attestor.map('cosign');
  const data = cosign?.map('key')?.text('data');
  const fault = data === undefined ? undefined : faultOfKey(data);
  if (fault !== undefined) {
    say([...path, 'key', 'data'], 'risk', fault, 'Put the public key of the signer there.');
  }
  const keyless = cosign?.map('keyless');
  if (keyless === undefined) return;
  const identities = mapsOf(keyless.get('identities'));
  if (identities.length === 0) {
    const what = 'takes keyless signatures without an identity: anybody can get such a signature';
    say([...path, 'keyless'], 'risk', what, 'Name issuer and subject of the workflow that signs.');
  }
  for (const [index, identity] of identities.entries()) {
    judgeLooseness(identity, [...path, 'keyless', 'identities', index], say);
  }
  if (isTrue(cosign?.map('ctlog')?.get('insecureIgnoreTlog'))) {
    const what = 'takes keyless signatures without a log, so nothing tells when they were made';
    say([...path, 'ctlog', 'insecureIgnoreTlog'], 'risk', what, 'Leave it out.');
  }
}
