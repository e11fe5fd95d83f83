import type { PlanRequest } from '../model/plan.ts';
import { renderPlan } from '../report/plan.ts';
import { type Command, misread } from './command.ts';
import { withoutTicks } from './parse.ts';

/** A name of a namespace or a cluster, as Kubernetes allows them; clusters are named by paths too. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,252}[A-Za-z0-9])?$/;
const LEVELS = ['privileged', 'baseline', 'restricted'] as const;

/** `/pss-plan`: what stricter levels would refuse if they came now, on this branch. */
export const planCommand: Command = {
  name: '/pss-plan',
  usage: '/pss-plan [NAMESPACE [LEVEL]] [--cluster CLUSTER]',
  says: 'what a stricter level would refuse, on this branch; all namespaces without a name',
  needsWrite: true,
  read(words) {
    const request = readPlanRequest(words);
    if (typeof request === 'string') return misread(planCommand, request);
    return {
      question: `/pss-plan ${JSON.stringify(request)}`,
      needsWrite: true,
      async reply(conversation) {
        const plan = await conversation.plan(request);
        return { isDone: plan.namespaces.length > 0, body: renderPlan(plan, request) };
      },
    };
  },
};

/** The request, or what is wrong with it. */
export function readPlanRequest(words: string): PlanRequest | string {
  const names: string[] = [];
  let cluster: string | undefined;
  const parts = words
    .split(/\s+/)
    .filter((part) => part !== '')
    .map(withoutTicks);
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    if (part === '--cluster') {
      at += 1;
      cluster = parts[at] ?? '';
    } else if (part.startsWith('--cluster=')) cluster = part.slice('--cluster='.length);
    else if (part.startsWith('-')) return 'The one option is `--cluster`.';
    else names.push(part);
  }
  const [namespace, level] = names;
  if (names.length > 2) return 'There is a word too many.';
  if (namespace !== undefined && !NAME.test(namespace)) return 'That is no name of a namespace.';
  if (cluster !== undefined && !NAME.test(cluster)) return 'That is no name of a cluster.';
  const known = LEVELS.find((one) => one === level);
  if (level !== undefined && known === undefined) {
    return 'The levels are `baseline` and `restricted`.';
  }
  return {
    ...(namespace !== undefined && { namespace }),
    ...(known && { level: known }),
    ...(cluster !== undefined && { cluster }),
  };
}
