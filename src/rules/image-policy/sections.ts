import type { Section, SectionBlock, SectionCell } from '../../model/section.ts';
import type { Repository, RepositoryChange, RuleContext } from '../rule.ts';
import { policiesNamed } from './updates/governing-policy.ts';
import { nameOfImage, STEP_WORDS, stepOf } from './updates/jump.ts';
import { advisoriesOf, changelogOf, originOfName } from './updates/links.ts';
import { type Recognised, recognise } from './updates/recognition.ts';
import { sourceOf } from './updates/source.ts';
import type { VersionChange } from './updates/version-changes.ts';
import { parseImage } from '../../model/image-reference.ts';

/** More rows are counted; the findings name every line. */
const MOST_ROWS = 60;

/** What this area says beside its findings: every image and version that the change moves. */
export function imagePolicySections(change: RepositoryChange, context: RuleContext): Section[] {
  const { before } = change;
  const recognised = recognise(change, context);
  const { updates } = recognised.changes;
  if (before === undefined || updates.length === 0) return [];
  const rows = updates.slice(0, MOST_ROWS).map((update) => rowOf(update, before));
  const more = updates.length - rows.length;
  const table: SectionBlock = {
    kind: 'table',
    head: ['What', 'From', 'To', 'Step', 'Chosen by', 'Changes'],
    rows,
  };
  const rest = more > 0 ? [{ kind: 'text' as const, text: `And ${more} more.` }] : [];
  const intro = { kind: 'text' as const, text: introOf(recognised) };
  return [{ area: 'image-policy', title: 'Image updates', blocks: [intro, table, ...rest] }];
}

const SIGNED =
  'Whether its commits are signed as the source demands is told by the check Fluxgate / commit signatures.';

function introOf({ update, changes: { others } }: Recognised): string {
  switch (update?.by) {
    case 'automation':
      return `This is an update by ${update.name}. ${SIGNED}`;
    case 'bot':
      return `This is an update by ${update.name}. ${SIGNED}`;
    case 'shape':
      return `Nothing but images and versions changes. ${SIGNED}`;
    default:
      return `Beside other changes (${others.length} lines or files), these images and versions change.`;
  }
}

function rowOf(update: VersionChange, before: Repository): SectionCell[] {
  const { path, line, from, to, setter } = update;
  const { step, isBreaking } = stepOf(update);
  const words =
    isBreaking && step === 'minor' ? `${STEP_WORDS[step]} (below 1.0.0)` : STEP_WORDS[step];
  return [
    { text: subjectOf(update) ?? `${path}:${line}` },
    { text: from },
    { text: to },
    { text: words },
    { text: setter === undefined ? '' : policyText(setter, before) },
    linksOf(update, before),
  ];
}

function subjectOf({ kind, to, of }: VersionChange): string | undefined {
  const image = kind === 'image' ? parseImage(to) : undefined;
  return image === undefined ? of : nameOfImage(image);
}

function policyText(setter: string, before: Repository): string {
  const [found] = policiesNamed(before, setter);
  const name = setter.split(':')[1] ?? '';
  const range = found?.policy.resource.root
    .map('spec')
    ?.map('policy')
    ?.map('semver')
    ?.text('range');
  return range === undefined ? `ImagePolicy ${name}` : `ImagePolicy ${name}, ${range}`;
}

function linksOf(update: VersionChange, before: Repository): SectionCell {
  const subject = subjectOf(update) ?? '';
  const origin = originOfName(sourceOf(update, before)) ?? originOfName(subject);
  if (origin === undefined) return { text: '' };
  const links = [
    { text: 'changelog', url: changelogOf(origin) },
    { text: 'advisories', url: advisoriesOf(origin) },
  ];
  return { text: origin.repository, links };
}
