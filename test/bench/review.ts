/**
 * How long a pull request waits for its verdict, and how often GitHub is asked for it, on the
 * embedded GitHub: both run in one process. The first reviews warm it up and are not counted.
 */
import { setStage } from '../end-to-end/stage.ts';
import type { Row } from './webhook.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const NAME = 'acme/fleet';
const at = { owner: 'acme', repo: 'fleet' };
const WARM_UP = 3;
const REVIEWS = 12;
const FILE = 'apps/base/podinfo/service.yaml';

interface Told {
  readonly msg?: string;
  readonly requests?: number;
}

/** Pull requests one after another, half of them with a finding. Takes half a minute. */
export async function benchReview(): Promise<Row[]> {
  const told: Told[] = [];
  const stage = await setStage({
    logLevel: 'info',
    log: (line) => told.push(JSON.parse(line) as Told),
  });
  const times: number[] = [];
  const asked = { calm: [] as number[], broken: [] as number[] };
  try {
    await stage.github.createRepository({ ...at, name: at.repo, directory: FLEET });
    for (let count = 0; count < WARM_UP + REVIEWS; count += 1) {
      const kind = count % 2 === 0 ? 'broken' : 'calm';
      const files: Record<string, string> =
        kind === 'broken'
          ? { [FILE]: `kind: Service\nmetadata:\n\tname: podinfo-${count}\n` }
          : { 'README.md': `Words ${count}.\n` };
      const branch = `work-${count}`;
      const head = await stage.github.push(NAME, { branch, files, by: 'ada' });
      await stage.ada.pulls.create({ ...at, title: branch, head: branch, base: 'main' });
      await stage.idle(NAME);
      if (count < WARM_UP) continue;
      times.push(waitFor(stage.github.deliveries(), head));
      asked[kind].push(told.findLast(({ msg }) => msg === 'Reviewed.')?.requests ?? Number.NaN);
    }
  } finally {
    await stage.close();
  }
  return [
    { name: 'webhook to last conclusion, warm, p50', ...under(percentile(times, 0.5), 400, 'ms') },
    {
      name: 'webhook to last conclusion, warm, p95',
      ...under(percentile(times, 0.95), 1_000, 'ms'),
    },
    {
      name: 'requests of a warm review with findings',
      ...under(Math.max(...asked.broken), 16, ''),
    },
    { name: 'requests of a warm review without', ...under(Math.max(...asked.calm), 9, '') },
  ];
}

/** Ms from the webhook of a head to the last one about a conclusion of its checks. */
function waitFor(
  deliveries: readonly { event: string; payload: unknown; deliveredAt: string }[],
  head: string,
): number {
  const about = deliveries.filter(({ payload }) => JSON.stringify(payload).includes(head));
  const first = about.find(({ event }) => event === 'pull_request');
  const last = about.findLast(({ event }) => event === 'check_run');
  return Date.parse(last?.deliveredAt ?? '') - Date.parse(first?.deliveredAt ?? '');
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function under(value: number, most: number, unit: string): Omit<Row, 'name'> {
  return { value, unit, target: `under ${most} ${unit}`.trim(), met: value < most };
}
