import type { Output } from './output.ts';
import { renderReport } from './clusters-print.ts';
import { toReport } from './clusters-report.ts';
import { NO_FACTS } from '../model/evidence.ts';
import { controlsOf } from '../rules/controls.ts';
import { resolveRevision } from './resolve.ts';

export const CLUSTERS_FORMATS = ['pretty', 'json'] as const;

export interface ClustersCall {
  readonly repo: string;
  readonly rev: string;
  readonly format: (typeof CLUSTERS_FORMATS)[number];
}

/** `fluxgate clusters`: what Flux would apply, and where. @returns the exit code */
export async function clustersCommand(call: ClustersCall, output: Output): Promise<number> {
  const { resolved, config, tree } = await resolveRevision(call, output);
  const context = { facts: NO_FACTS, settings: config, now: Date.now() };
  const report = toReport(resolved, controlsOf({ tree, ...resolved }, context));
  output.write(call.format === 'json' ? JSON.stringify(report, null, 2) : renderReport(report));
  return 0;
}
