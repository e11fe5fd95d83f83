import type { Fault } from '../../model/finding.ts';
import { isWider, toBreadth } from '../../versions/breadth.ts';
import { parseConstraint } from '../../versions/constraint.ts';
import { quoteBriefly } from '../../versions/quote.ts';
import type { RepositoryChange, RepositoryChangeRule } from '../rule.ts';
import { deployment } from './signed-example.ts';
import { faultOfLine } from './updates/fault.ts';
import { type Step, stepOf } from './updates/jump.ts';
import { originRequests, recognise } from './updates/recognition.ts';
import type { VersionChange } from './updates/version-changes.ts';

/** An update that goes to another major version, back, or off a digest. */
export const largeStep: RepositoryChangeRule = {
  id: 'image-policy/large-step',
  area: 'image-policy',
  title: 'Update that is more than a small step',
  since: '0.1',
  on: 'repository-change',
  docs: {
    protects:
      'Most updates are a patch or a minor version, and are merged as such. A major version may break what works, a step back may bring a known hole back, and without its digest an image is whatever its tag means tomorrow.',
    allows: [
      'Looks at every image, tag, digest and version that a pull request changes, whoever made it; not at the actions of workflows in `.github/`, which no cluster runs.',
      'Told: another major version (advice), an older version (a risk in an update by automation or a bot, else advice), a digest that is taken off (the same).',
      'A range that is widened in a file of which no cluster is known: a risk with prereleases or without an upper bound. Elsewhere the rule on widened ranges tells it.',
      'Smaller steps stand in the table of image updates and are no findings.',
    ],
    fix: 'Read what the new version breaks; go back only on purpose; keep the digest.',
    exception: 'A step that is meant needs no waiver: it is advice, and does not fail the check.',
    limits: 'Versions are judged by their numbers, whatever their publisher means by them.',
    given: { before: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.2') } },
    bad: { 'apps/web.yaml': deployment('ghcr.io/acme/web:2.0.0') },
    good: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.5.0') },
    links: ['https://semver.org/'],
  },
  needs: originRequests,
  evaluate(change, context) {
    const { update, changes } = recognise(change, context);
    const isBot = update?.by === 'automation' || update?.by === 'bot';
    let rendered: ReadonlySet<string> | undefined;
    const isRendered = (path: string) => (rendered ??= renderedFiles(change)).has(path);
    const deployed = changes.updates.filter(({ path }) => !path.startsWith('.github/'));
    const faults = deployed.flatMap((each) => [
      ...judge(each, isBot),
      ...judgeRange(each, isRendered),
    ]);
    return { faults, unknowns: [] };
  },
};

const WORDS: Partial<Record<Step, string>> = {
  major: 'is a major step and may break what works',
  downgrade: 'is an older version: what it had mended is broken again',
  unpinned: 'takes the digest off: the tag may mean other content tomorrow',
};

function renderedFiles({ after }: RepositoryChange): ReadonlySet<string> {
  return new Set(
    after.clusters.flatMap(({ objects }) =>
      objects.map(({ resource }) => resource.root.source.path),
    ),
  );
}

/**
 * A wider range in a file of which no cluster is known: its environment is not known either. What a
 * cluster renders is judged there.
 */
function judgeRange(update: VersionChange, isRendered: (path: string) => boolean): Fault[] {
  if (stepOf(update).step !== 'range' || isRendered(update.path)) return [];
  const [was, is] = [parseConstraint(update.from), parseConstraint(update.to)];
  if (!was.ok || !is.ok) return [];
  const [old, now] = [toBreadth(was.constraint), toBreadth(is.constraint)];
  const hasNewPrereleases = now.prereleases && !old.prereleases && now.kind !== 'exact';
  if (!isWider(now.kind, old.kind) && !hasNewPrereleases) return [];
  const prereleases = hasNewPrereleases ? ', prereleases too' : '';
  return [
    faultOfLine(update, {
      rule: largeStep.id,
      effect: hasNewPrereleases || !now.upper ? 'risk' : 'advice',
      message: `The range is widened from ${quoteBriefly(update.from)} (${old.kind}) to ${quoteBriefly(update.to)} (${now.kind})${prereleases}: more rolls out by itself.`,
      remedy: 'Keep the range as it was, or give it explicit bounds.',
    }),
  ];
}

function judge(update: VersionChange, isBot: boolean): Fault[] {
  const { step } = stepOf(update);
  const words = WORDS[step];
  if (words === undefined) return [];
  const of = update.of === undefined ? '' : ` of ${update.of}`;
  return [
    faultOfLine(update, {
      rule: largeStep.id,
      effect: step !== 'major' && isBot ? 'risk' : 'advice',
      message: `From "${update.from}" to "${update.to}"${of} ${words}.`,
    }),
  ];
}
