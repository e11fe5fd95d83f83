import { type Finding, isGone, type RelatedPlace } from '../model/finding.ts';
import { code, escapeMarkdown } from './escape.ts';
import { ALL, type Paragraphs, RESERVE } from './paragraphs.ts';
import type { RuleTexts } from './rule-text.ts';
import { placeOf, renderLine, renderSection } from './section.ts';
import { count } from './words.ts';

/** Sections by severity while there is room, then lines, then a count: nothing ends silently. */
export function addSections(
  page: Paragraphs,
  introduced: readonly Finding[],
  all: readonly Finding[],
  rules: RuleTexts,
): void {
  const groups = groupsOf(introduced);
  const reserve = Math.min(RESERVE, page.left / 4);
  let left = introduced.length;
  let isShort = false;
  const details = new Set<string>();
  const told = new Set<string>();
  for (const group of groups) {
    const head = groupHead(group, all);
    for (const [index, finding] of group.findings.entries()) {
      const hasDetail = finding.detail !== undefined && !details.has(finding.detail);
      const full = renderSection(finding, {
        rules,
        known: group.shared,
        policy: group.policy,
        hasDetail,
        hasWhy: !told.has(finding.rule),
      });
      const prefix = index === 0 && head !== '' ? `${head}\n\n` : '';
      if (!isShort && full.length + prefix.length < page.left - 2 * reserve) {
        page.add(prefix + full);
        told.add(finding.rule);
        if (finding.detail !== undefined) details.add(finding.detail);
      } else {
        if (!isShort) page.add('### In short, for want of room');
        isShort = true;
        const line = renderLine(finding);
        if (line.length > page.left - reserve) {
          page.add(`and ${count(left, 'more finding')}: ${ALL}`);
          return;
        }
        page.add(line);
      }
      left -= 1;
    }
  }
}

/** Findings of one namespace at one level, or all of an area that knows no levels. */
interface Group {
  readonly namespace: string | undefined;
  readonly policy: string | undefined;
  readonly findings: Finding[];
  /** Places that all of them name: where the level comes from. */
  readonly shared: readonly RelatedPlace[];
}

function groupsOf(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Omit<Group, 'shared'>>();
  for (const finding of findings) {
    const policy = policyOf(finding);
    const namespace = policy === undefined ? undefined : finding.subject.namespace;
    const key = JSON.stringify([namespace, policy]);
    const group = groups.get(key) ?? { namespace, policy, findings: [] };
    group.findings.push(finding);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ ...group, shared: sharedPlaces(group) }));
}

function policyOf({ policy, clusters }: Finding): string | undefined {
  return policy ?? clusters.find((cluster) => cluster.policy !== undefined)?.policy;
}

function sharedPlaces({ policy, findings }: Omit<Group, 'shared'>): readonly RelatedPlace[] {
  const [first, ...others] = findings;
  if (policy === undefined || first === undefined) return [];
  return first.related.filter((place) =>
    others.every(({ related }) =>
      related.some(
        (one) => one.path === place.path && one.line === place.line && one.why === place.why,
      ),
    ),
  );
}

function groupHead(
  { namespace, policy, shared, findings }: Group,
  all: readonly Finding[],
): string {
  if (policy === undefined || namespace === undefined) return '';
  const lines = [
    `### Namespace ${code(namespace)} at ${code(policy)}`,
    ...(shared.length === 0
      ? []
      : [shared.map((place) => `${placeOf(place)}: ${escapeMarkdown(place.why)}`).join('  \n')]),
    quietCount(namespace, findings, all),
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

/** What a stricter level, that today only warns or audits, would refuse as well. */
function quietCount(namespace: string, shown: readonly Finding[], all: readonly Finding[]): string {
  const soft = all.filter(
    ({ subject, effect, change, waiver }) =>
      subject.namespace === namespace &&
      !isGone(change) &&
      !waiver &&
      (effect === 'warned' || effect === 'audited'),
  );
  const beyond = soft.filter((finding) => !shown.includes(finding));
  const [policy] = beyond.map(policyOf).filter((one) => one !== undefined);
  if (policy === undefined) return '';
  return `<sub>At ${code(policy)}, which is not enforced here yet, ${count(beyond.length, 'more finding')} would be refused.</sub>`;
}
