import type { FileTree } from '../../model/file-tree.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import type { Automation } from './automations.ts';
import { groupOf } from '../../model/resource.ts';

/** What workflows that open pull requests hold. */
const OPENS =
  /gh pr create|create-pull-request|repo-sync\/pull-request|open-pull-request|pulls\.create|\/pulls\b|hub pull-request|createPullRequest/;

const LARGEST = 500_000;

/** Whether a workflow of the repository turns a branch into pull requests, as far as it reads. */
export function hasWorkflowFor(tree: FileTree, branch: string): boolean {
  return tree.list().some(({ path }) => {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return false;
    const content = tree.read(path);
    if (content.state !== 'text' || content.text.length > LARGEST) return false;
    return OPENS.test(content.text) && runsFor(content.text, branch);
  });
}

/** A schedule, a dispatch from Flux, or a push to a branch that a pattern lets in. */
function runsFor(text: string, branch: string): boolean {
  const lines = text.split('\n');
  const starts = lines.findIndex((line) => /^["']?on["']?:/.test(line));
  if (starts === -1) return false;
  const rest = lines.findIndex(
    (line, at) => at > starts && /^\S/.test(line) && !line.startsWith('#'),
  );
  const on = lines.slice(starts, rest === -1 ? undefined : rest).join('\n');
  if (/\b(?:schedule|repository_dispatch|create)\b/.test(on)) return true;
  if (!/\bpush\b/.test(on)) return false;
  if (!/\bbranches\b/.test(on)) return !/\bbranches-ignore\b|\btags\b/.test(on);
  const patterns = on.match(/[\w*!./-]+/g) ?? [];
  return patterns.some((pattern) => isBranch(pattern, branch));
}

/** As GitHub matches branches: `*` within a step, `**` across. */
function isBranch(pattern: string, branch: string): boolean {
  if (pattern === branch || pattern === '**') return true;
  if (!pattern.includes('*') || pattern.length > 200) return false;
  const source = pattern
    .split('**')
    .map((part) => part.split('*').map(escaped).join('[^/]*'))
    .join('.*');
  return (pattern.match(/\*/g) ?? []).length < 6 && new RegExp(`^${source}$`).test(branch);
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

/** Providers that hand an event to something which can act; chats only tell people. */
const ACTING = /^(?:github|githubdispatch|gitlab|gitea|generic|generic-hmac)$/;

/** Whether an Alert hands what an automation does to a Provider that can act on it. */
export function hasAlertFor({ object, cluster }: Automation): boolean {
  const ofKind = (kind: string) =>
    objectsOfKind(cluster, kind).filter(
      ({ resource }) => groupOf(resource.apiVersion) === 'notification.toolkit.fluxcd.io',
    );
  return ofKind('Alert').some(({ resource, namespace }) => {
    const spec = resource.root.map('spec');
    const tells = spec?.list('eventSources')?.items.some((source) => {
      if (source.kind !== 'map' || source.text('kind') !== 'ImageUpdateAutomation') return false;
      const name = source.text('name');
      const isHere = (source.text('namespace') ?? namespace) === object.namespace;
      return isHere && (name === '*' || name === object.resource.name);
    });
    const provider = spec?.map('providerRef')?.text('name');
    return (
      tells === true &&
      ofKind('Provider').some(
        (each) =>
          each.resource.name === provider &&
          each.namespace === namespace &&
          ACTING.test(each.resource.root.map('spec')?.text('type') ?? ''),
      )
    );
  });
}
