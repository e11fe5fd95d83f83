import { keyOfRequest } from '../../model/evidence.ts';
import type { Section, SectionCell } from '../../model/section.ts';
import type { RepositoryChange, RuleContext } from '../rule.ts';
import { clusterChanges, type Coverage, coverageOf } from './coverage.ts';
import { judgeVerifier } from './unsigned-image.ts';

const MOST_ROWS = 50;

/** Who signed the images that the change brings; nothing where no registry was asked. */
export function signatureSections(
  change: RepositoryChange,
  context: RuleContext,
): readonly Section[] {
  if (change.before === undefined) return [];
  const rows = new Map<string, readonly SectionCell[]>();
  let isAnyKnown = false;
  for (const each of clusterChanges(change)) {
    for (const coverage of coverageOf(each, context.settings).covered) {
      const fact = context.facts.images.get(keyOfRequest(coverage.request));
      isAnyKnown ||= fact?.state === 'known';
      const { text } = coverage.image;
      const digest = fact?.state === 'known' ? fact.value.digest.slice(0, 19) : '';
      const cells = [
        { text, isCode: true as const },
        digest === '' ? { text: '' } : { text: `${digest}…`, isCode: true as const },
        { text: sayOutcome(coverage, context) },
      ];
      rows.set(JSON.stringify(cells), cells);
    }
  }
  if (!isAnyKnown) return [];
  const shown = [...rows.values()].slice(0, MOST_ROWS);
  const left = rows.size - shown.length;
  return [
    {
      area: 'image-policy',
      title: 'Images that this change brings',
      blocks: [
        { kind: 'table', head: ['Image', 'Digest', 'Signature'], rows: shown },
        ...(left > 0 ? [{ kind: 'text' as const, text: `And ${left} more.` }] : []),
      ],
    },
  ];
}

function sayOutcome({ verifiers, request }: Coverage, { facts }: RuleContext): string {
  const fact = facts.images.get(keyOfRequest(request));
  if (fact?.state !== 'known') return `not known: ${fact?.reason ?? 'not asked'}`;
  if (fact.value.isMissing) return 'the registry has no such image';
  if (fact.value.isHidden) return 'the registry has no such image, or does not show it here';
  if (verifiers.length === 0) return 'exists; no policy asks for a signature';
  let from = 0;
  const answers = verifiers.map((verifier) => {
    const answer = judgeVerifier(verifier, fact.value, from);
    from += verifier.sets.reduce((sum, { attestors }) => sum + attestors.length, 0);
    if (answer.state === 'signed') return `signed by ${answer.by ?? 'whom the policy names'}`;
    return `${answer.state === 'unsigned' ? 'not signed' : 'not known'}: ${answer.reason}`;
  });
  return [...new Set(answers)].join('; ');
}
