import type { Section, SectionBlock } from '../../model/section.ts';
import type { RepositoryChange, RuleContext } from '../rule.ts';
import {
  admissionChanges,
  type AdmissionChange,
  linesOf,
  touchedNamespaces,
} from './admission-change.ts';
import { workloadNames } from './namespace-fault.ts';
import { wayUpLines } from './way-up.ts';
import { clustersToReview, REVIEW_HEAD, reviewRows } from './review-list.ts';

const area = 'pod-security';

/** What the check of pod security says beside its findings. */
export function podSecuritySections(
  change: RepositoryChange,
  context: RuleContext,
): readonly Section[] {
  const wayUp = wayUpLines(change, context);
  return [
    ...(wayUp.length === 0
      ? []
      : [{ area, title: 'The next stricter level', blocks: [wayUpBlock(wayUp)] } as const]),
    ...admissionChanges(change).map((one) => admissionSection(one, change, context)),
    ...clustersToReview(change).map((reviewed): Section => {
      const rows = reviewRows(change.after, reviewed);
      const { name } = reviewed.cluster;
      const text =
        rows.length === 0
          ? `Cluster ${name} ${reviewed.why}. It has no exemptions, privileged namespaces, waivers or pins to an older version.`
          : `Cluster ${name} ${reviewed.why}: a good moment to look at what it lets in. Does each of these still need to be?`;
      return {
        area,
        title: `To look at again: ${name} ${reviewed.why}`,
        blocks: [
          { kind: 'text', text },
          ...(rows.length === 0 ? [] : [{ kind: 'table' as const, head: REVIEW_HEAD, rows }]),
        ],
      };
    }),
  ];
}

const MOST_LINES = 10;

function wayUpBlock(lines: readonly string[]): SectionBlock {
  const rest = lines.length - MOST_LINES;
  const text = [...lines.slice(0, MOST_LINES), ...(rest > 0 ? [`And ${rest} more.`] : [])];
  return { kind: 'text', text: text.join(' ') };
}

function admissionSection(
  admission: AdmissionChange,
  { after }: RepositoryChange,
  context: RuleContext,
): Section {
  const { cluster } = admission;
  const deployed = after.clusters.find(({ name }) => name === cluster.name);
  const rows = linesOf(admission).map((texts) => texts.map((text) => ({ text })));
  const where = cluster.file ? `in ${cluster.file.path}` : 'in .github/fluxgate.yaml';
  return {
    area,
    title: `This change configures the admission of ${cluster.name} otherwise`,
    blocks: [
      {
        kind: 'text',
        text: `What cluster ${cluster.name} enforces by default, and whom it exempts, changes ${where}. This review goes by the configuration of the base branch; the new one counts here after the merge, and in the cluster when its API server starts with it.`,
      },
      { kind: 'table', head: ['Setting', 'Now', 'After the merge'], rows },
      ...(deployed ? consequences(admission, touchedNamespaces(deployed, admission, context)) : []),
    ],
  };
}

function consequences(
  { before, after }: AdmissionChange,
  touched: ReturnType<typeof touchedNamespaces>,
): SectionBlock[] {
  if (after === undefined) {
    const text =
      'An API server does not start with such a file, so what holds after the merge is not known.';
    return [{ kind: 'text', text }];
  }
  if (before === undefined) return [];
  if (touched.length === 0) {
    return [
      { kind: 'text', text: 'No namespace of this repository is held to another level by it.' },
    ];
  }
  return [
    { kind: 'text', text: 'For the namespaces of this repository this means:' },
    {
      kind: 'table',
      head: ['Namespace', 'Enforces now', 'After the merge', 'Workloads'],
      rows: touched.map(({ name, before, after, letIn, refused }) => [
        { text: name, isCode: true },
        { text: before },
        { text: after },
        {
          text:
            [
              ...(letIn.length > 0 ? [`newly let in: ${workloadNames(letIn)}`] : []),
              ...(refused.length > 0 ? [`newly refused: ${workloadNames(refused)}`] : []),
            ].join('; ') || 'none is judged otherwise',
        },
      ]),
    },
  ];
}
