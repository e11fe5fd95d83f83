import type { Attestor, SignatureForm } from '../../../model/image.ts';
import type { RuleSettings } from '../../../model/rule-settings.ts';
import { isWithin } from './within.ts';
import type { ImageVerifier } from './verifier.ts';

const FORMS: readonly SignatureForm[] = ['legacy', 'bundle'];

/** Whose signatures the configuration of the base branch asks for. Nothing in a cluster enforces it. */
export function configuredVerifiers({ imagePolicy }: RuleSettings): ImageVerifier[] {
  return imagePolicy.signatures.map(({ images, keys, identities, count, ignoreLog }) => {
    const attestors: Attestor[] = [
      ...keys.map((key) => ({ kind: 'key', key, needsLog: !ignoreLog, forms: FORMS }) as const),
      ...identities.map(({ issuer, subject, subjectPattern }): Attestor => ({
        kind: 'keyless',
        identities: [
          {
            issuer: { how: 'exact', text: issuer },
            subject:
              subjectPattern === undefined
                ? { how: 'exact', text: subject ?? '' }
                : // Anchored as a whole: "^a|b$" is not.
                  { how: 'regex', text: `^(?:${subjectPattern})$` },
          },
        ],
        needsCertificateLog: true,
        forms: FORMS,
      })),
    ];
    const names: ImageVerifier['names'] = ({ registry, repository }) =>
      images.some((pattern) => isWithin(pattern, `${registry}/${repository}`));
    return {
      enforces: false,
      covers: ({ image, text }) => image !== undefined && names(image, text),
      names,
      sets: [{ attestors, count }],
    };
  });
}
