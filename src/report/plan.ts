import type { Plan, PlannedLevel, PlannedNamespace, PlanRequest } from '../model/plan.ts';
import { code, codeBlock, codeCell, toVisible } from './escape.ts';
import { count } from './words.ts';

/** A comment holds 65,536 characters; what does not fit is counted. */
const MAX_NAMESPACES = 60;
const MAX_REFUSALS = 20;

/** What a stricter level would refuse, as Markdown. */
export function renderPlan({ namespaces, clusters }: Plan, request: PlanRequest): string {
  const { namespace, cluster } = request;
  if (namespaces.length === 0) {
    const what = namespace === undefined ? 'No namespace' : `No namespace ${code(namespace)}`;
    const where = cluster === undefined ? '' : ` in a cluster ${code(cluster)}`;
    const all = namespace === undefined ? '' : ` ${code('/pss-plan')} alone lists every namespace.`;
    return `${what}${where} on this branch. Clusters: ${clusters.map((name) => code(name)).join(', ') || 'none'}.${all}`;
  }
  const shown = namespaces.slice(0, namespace === undefined ? MAX_NAMESPACES : 10);
  const rest = namespaces.length - shown.length;
  const parts =
    namespace === undefined
      ? [renderTable(shown), ...renderCommands(shown)]
      : shown.map((one) => renderNamespace(one));
  if (rest > 0)
    parts.push(
      `And ${count(rest, 'more namespace', 'more namespaces')}: \`fluxgate plan\` shows all.`,
    );
  return parts.join('\n\n');
}

function renderTable(namespaces: readonly PlannedNamespace[]): string {
  const rows = namespaces.map((planned) => {
    const { cluster, namespace, policy, isLabelled, isExempt, highest, workloads } = planned;
    const level = `${codeCell(policy)}${isLabelled ? '' : ' (default)'}`;
    const cells = [codeCell(cluster), codeCell(namespace), level];
    return `| ${[...cells, isExempt ? 'exempt' : highest, String(workloads), wordStep(planned)].join(' | ')} |`;
  });
  return [
    '| Cluster | Namespace | Enforced now | Highest that passes | Workloads | Next step |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** The next step of each namespace, as its cluster itself would be asked about it. */
function renderCommands(namespaces: readonly PlannedNamespace[]): string[] {
  let last: string | undefined;
  const lines = namespaces.flatMap((planned) => {
    const { cluster, namespace, version, isExempt } = planned;
    const [next] = isExempt ? [] : ahead(planned);
    if (next === undefined) return [];
    const title = cluster === last ? [] : [`# ${toVisible(cluster, 100)}`];
    last = cluster;
    return [...title, labelCommand(namespace, next.level, version)];
  });
  if (lines.length === 0) return [];
  const title = 'To ask the clusters themselves about the next step';
  return [
    `<details><summary>${title}</summary>\n\n${codeBlock(lines.join('\n'), 'sh')}\n\n</details>`,
  ];
}

/** The stricter levels than the one in force, the next one first. */
function ahead({ enforced, levels }: PlannedNamespace): PlannedLevel[] {
  if (enforced === 'restricted') return [];
  return levels.filter(({ level }) => enforced === 'privileged' || level === 'restricted');
}

function wordStep(planned: PlannedNamespace): string {
  if (planned.isExempt) return 'exempt: no level refuses anything';
  const [next] = ahead(planned);
  const now = planned.levels.find(({ level }) => level === planned.enforced);
  if (next === undefined && now?.verdict === 'refuses') return `mend: ${wordRefusals(now)}`;
  if (next === undefined) return planned.enforced === 'restricted' ? 'nothing: the strictest' : '';
  const { level, verdict } = next;
  if (verdict === 'passes') return `raise to ${level}: nothing is refused`;
  if (verdict === 'unknown') return `${level}: not known of every workload`;
  return wordRefusals(next);
}

function wordRefusals({ level, controls, refusals }: PlannedLevel): string {
  const words = controls
    .map(({ rule, workloads }) => `${codeCell(rule.slice(rule.indexOf('/') + 1))} ${workloads}`)
    .join(', ');
  return `${level} refuses ${count(refusals.length, 'workload')}: ${words}`;
}

function renderNamespace(planned: PlannedNamespace): string {
  const { cluster, namespace, policy, isLabelled, isExempt, highest, workloads, place } = planned;
  const source =
    isLabelled && place ? code(`${place.path}:${place.line}`) : "the cluster's default";
  const parts = [
    `### ${code(namespace)} in ${code(cluster)}`,
    `${count(workloads, 'workload')}; enforced now: ${code(policy)} (${source}); highest level that passes: **${highest}**.`,
  ];
  if (isExempt) parts.push('The namespace is exempt: no level refuses anything in it.');
  parts.push(...planned.levels.map((level) => renderLevel(level, planned)));
  return parts.join('\n\n');
}

function renderLevel(planned: PlannedLevel, { namespace, version }: PlannedNamespace): string {
  const { level, verdict, controls, refusals, unknowns } = planned;
  const parts: string[] = [];
  if (verdict === 'passes') parts.push(`**${level}** refuses nothing.`);
  if (verdict === 'refuses') {
    parts.push(
      `**${level}** refuses pods of ${count(refusals.length, 'workload')}.`,
      controls.map(({ rule, workloads }) => `- ${code(rule)}: ${workloads}`).join('\n'),
      `<details><summary>What admission would say</summary>\n\n${refusals
        .slice(0, MAX_REFUSALS)
        .map(
          ({ name, detail, place }) =>
            `${code(name)}, ${code(`${place.path}:${place.line}`)}\n\n${codeBlock(detail.slice(0, 1500))}`,
        )
        .join('\n\n')}${
        refusals.length > MAX_REFUSALS ? `\n\nAnd ${refusals.length - MAX_REFUSALS} more.` : ''
      }\n\n</details>`,
    );
  }
  if (unknowns.length > 0) {
    parts.push(
      `**${level}**, not known: ${unknowns
        .slice(0, 10)
        .map((reason) => code(reason))
        .join('; ')}.`,
    );
  }
  parts.push(
    `To see what is running there now:\n\n${codeBlock(labelCommand(namespace, level, version), 'sh')}`,
  );
  return parts.join('\n\n');
}

/** Asks the cluster itself, and changes nothing. */
function labelCommand(namespace: string, level: string, version: string): string {
  const name = /^[a-z0-9.-]{1,253}$/.test(namespace) ? namespace : 'NAMESPACE';
  const pinned = /^v1\.\d{1,3}$/.test(version)
    ? ` pod-security.kubernetes.io/enforce-version=${version}`
    : '';
  return `kubectl label --dry-run=server --overwrite namespace ${name} pod-security.kubernetes.io/enforce=${level}${pinned}`;
}

/** The same for a terminal: one line a namespace, and the refusals of a namespace that was named. */
export function renderPlanText({ namespaces }: Plan, isDetailed: boolean): string {
  return namespaces
    .flatMap((planned) => {
      const { cluster, namespace, policy, highest } = planned;
      const step = wordStep(planned).replaceAll('`', '');
      const line = `${cluster}/${namespace}  ${policy}  highest that passes: ${highest}  ${step}`;
      const [next] = planned.isExempt ? [] : ahead(planned);
      if (!isDetailed) {
        return next ? [line, `  ${labelCommand(namespace, next.level, planned.version)}`] : [line];
      }
      return [
        line,
        ...planned.levels.flatMap(({ level, verdict, refusals, unknowns }) => [
          `  ${level}: ${verdict}`,
          ...refusals.map(
            ({ name, detail, place }) => `    ${place.path}:${place.line}  ${name}: ${detail}`,
          ),
          ...unknowns.map((reason) => `    unknown: ${reason}`),
          `    ${labelCommand(namespace, level, planned.version)}`,
        ]),
      ];
    })
    .map((line) => toVisible(line, 2000))
    .join('\n');
}
