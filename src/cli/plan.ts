import type { Plan, PlanRequest } from '../model/plan.ts';
import { renderPlan, renderPlanText } from '../report/plan.ts';
import { planLevels } from '../rules/pod-security/plan.ts';
import { type Output, UsageError } from './output.ts';
import { resolveRevision } from './resolve.ts';

export const PLAN_FORMATS = ['pretty', 'json', 'markdown'] as const;
export const PLAN_LEVELS = ['baseline', 'restricted'] as const;

export interface PlanCall {
  readonly repo: string;
  readonly rev: string;
  readonly cluster?: string;
  readonly format: (typeof PLAN_FORMATS)[number];
}

/**
 * `fluxgate plan [NAMESPACE [LEVEL]]`: what stricter levels would refuse.
 *
 * @returns the exit code: 1 when a level was asked for that does not surely pass everywhere
 */
export async function planCommand(
  namespace: string | undefined,
  level: (typeof PLAN_LEVELS)[number] | undefined,
  call: PlanCall,
  output: Output,
): Promise<number> {
  const { resolved, config } = await resolveRevision(call, output);
  const request: PlanRequest = {
    ...(namespace !== undefined && { namespace }),
    ...(level !== undefined && { level }),
    ...(call.cluster !== undefined && { cluster: call.cluster }),
  };
  const plan = planLevels(resolved.clusters, request, config);
  if (plan.namespaces.length === 0) throw new UsageError(nothingPlanned(plan, request));
  output.write(render(plan, request, call.format));
  const isRefused = plan.namespaces.some(({ levels }) =>
    levels.some((planned) => planned.level === level && planned.verdict !== 'passes'),
  );
  return isRefused ? 1 : 0;
}

function render(plan: Plan, request: PlanRequest, format: PlanCall['format']): string {
  if (format === 'json') return JSON.stringify({ version: 1, ...plan }, null, 2);
  if (format === 'markdown') return renderPlan(plan, request);
  return renderPlanText(plan, request.namespace !== undefined);
}

function nothingPlanned({ clusters }: Plan, { namespace, cluster }: PlanRequest): string {
  const what = namespace === undefined ? 'No namespace' : `No namespace ${namespace}`;
  const where = cluster === undefined ? '' : ` in a cluster ${cluster}`;
  return `${what}${where} runs anything. Clusters: ${clusters.join(', ') || 'none'}. fluxgate clusters lists their namespaces.`;
}
