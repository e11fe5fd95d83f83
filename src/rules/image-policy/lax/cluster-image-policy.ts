import type { LocatedMap } from '../../../model/located.ts';
import { mapsOf } from '../verifiers/nodes.ts';
import { faultOfKey } from './attestor-key.ts';
import { judgeLooseness } from './kyverno.ts';
import type { Say } from './say.ts';

/** ClusterImagePolicy of Sigstore that does not guard. */
export function judgeClusterImagePolicy(root: LocatedMap, say: Say): void {
  const spec = root.map('spec');
  if (spec?.text('mode') === 'warn') {
    const what = 'only warns about images that are not signed (mode: warn), and lets them run';
    say(['spec', 'mode'], 'risk', what, 'Leave `mode` out: enforce is the default.');
  }
  for (const [index, authority] of mapsOf(spec?.get('authorities')).entries()) {
    const path = ['spec', 'authorities', index];
    if (authority.map('static')?.text('action') === 'pass') {
      const what = 'has an authority that everything satisfies (static: pass)';
      say([...path, 'static', 'action'], 'risk', what, 'Name a key or an identity.');
    }
    const data = authority.map('key')?.text('data');
    const fault = data === undefined ? undefined : faultOfKey(data);
    if (fault !== undefined) {
      say([...path, 'key', 'data'], 'risk', fault, 'Put the public key of the signer there.');
    }
    const keyless = authority.map('keyless');
    const identities = mapsOf(keyless?.get('identities'));
    if (keyless !== undefined && identities.length === 0) {
      const what = 'takes keyless signatures without an identity: anybody can get such a signature';
      say(
        [...path, 'keyless'],
        'risk',
        what,
        'Name issuer and subject of the workflow that signs.',
      );
    }
    for (const [at, identity] of identities.entries()) {
      judgeLooseness(identity, [...path, 'keyless', 'identities', at], say);
    }
  }
}
