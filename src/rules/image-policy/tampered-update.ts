import type { Fault, UnknownFact } from '../../model/finding.ts';
import type { RepositoryChangeRule } from '../rule.ts';
import { automationsOf } from './automations.ts';
import { automation, AUTOMATION_ORIGIN, markedDeployment } from './updates/examples.ts';
import { faultOfLine } from './updates/fault.ts';
import { isCommitOf, originRequests, recognise, type Recognised } from './updates/recognition.ts';
import type { OtherChange, VersionChange } from './updates/version-changes.ts';

/** Files that Flux's automation never opens. */
const SCANNED = /(?:\.ya?ml|(?:^|\/)Kustomization)$/;

/** More lines than these are told by their number. */
const MOST_LINES = 40;

/** An update by image automation or a bot that changes more than images and versions. */
export const tamperedUpdate: RepositoryChangeRule = {
  id: 'image-policy/tampered-update',
  area: 'image-policy',
  title: 'Image update that changes more than images',
  since: '0.1',
  fails: true,
  on: 'repository-change',
  docs: {
    protects:
      'Updates of images come every day and are merged at a glance. A line beside the new tag, a privileged container say, is easily missed there, and whoever can push to the branch of the bot can add it.',
    allows: [
      'Looks at pull requests that come from the push branch of an ImageUpdateAutomation of the base branch, or whose commits have its author and message: only values before a marker may change, and only by commits of the automation.',
      'Looks at pull requests of Renovate and Dependabot: only images, tags, digests and versions may change, also inside addresses and in the comments behind them.',
      'Every other line is told, one finding each. Other changes of people are not updates and are not judged here.',
    ],
    fix: 'Take the other lines out, and propose them in a pull request of their own.',
    exception:
      'A bot that is meant to change more, such as its own configuration: waive the file, with the reason.',
    limits:
      'Who made a commit can be pretended. Recognising a bot gains nothing: it only makes the review stricter. Whether commits are signed as the source demands is told by the check on commit signatures.',
    given: {
      before: {
        'clusters/production/automation.yaml': automation(),
        'clusters/production/web.yaml': markedDeployment('1.4.2'),
      },
      facts: AUTOMATION_ORIGIN,
    },
    bad: {
      'clusters/production/automation.yaml': automation(),
      'clusters/production/web.yaml': markedDeployment('1.4.3').replace(
        'replicas: 1',
        'replicas: 0',
      ),
    },
    good: {
      'clusters/production/automation.yaml': automation(),
      'clusters/production/web.yaml': markedDeployment('1.4.3'),
    },
    links: [
      'https://fluxcd.io/flux/components/image/imageupdateautomations/#update-strategy',
      'https://fluxcd.io/flux/guides/image-update/',
    ],
  },
  needs: originRequests,
  evaluate(change, context) {
    const recognised = recognise(change, context);
    const { update } = recognised;
    const unknowns = unknownsOf(recognised, change.before?.clusters.flatMap(automationsOf).length);
    if (update === undefined || update.by === 'shape') return { faults: [], unknowns };
    const lines = linesOf(recognised);
    const { name } = update;
    const faults = lines.slice(0, MOST_LINES).map((line, index) => toFault(line, name, index));
    const rest = lines[MOST_LINES];
    if (rest !== undefined) {
      const more = lines.length - MOST_LINES;
      const message = `This is an update by ${name}, and ${more} more lines of it are no update.`;
      faults.push(faultOfLine(rest, { rule: tamperedUpdate.id, message, aspect: 'more' }));
    }
    return { faults: [...faults, ...strangersOf(recognised)], unknowns };
  },
};

/** Without an origin an automation's change passes for anybody's. */
function unknownsOf({ update, origin, changes }: Recognised, automations = 0): UnknownFact[] {
  const isClear = origin !== undefined || automations === 0 || update !== undefined;
  if (isClear || changes.updates.length === 0) return [];
  const reason =
    'Whether this is an update by image automation is not known, as nobody told who proposes it: what else it changes was not judged as such.';
  return [{ rule: tamperedUpdate.id, reason, cause: 'environment' }];
}

type Line = OtherChange | VersionChange;

function linesOf({ update, changes }: Recognised): Line[] {
  const { updates, others } = changes;
  if (update?.by === 'automation') {
    return [...others, ...updates.filter(({ setter }) => setter === undefined)].sort(byPlace);
  }
  // What no cluster reads is not deployed: a bot's own files, locks, sources of programs.
  return others.filter(({ path }) => SCANNED.test(path));
}

function byPlace(a: Line, b: Line): number {
  return a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;
}

function toFault(line: Line, name: string, index: number): Fault {
  const what = `This is an update by ${name}, which`;
  return faultOfLine(line, {
    rule: tamperedUpdate.id,
    message: `${what} ${wordsOf(line)}: ${'setter' in line || 'from' in line ? 'the line has no marker' : 'that is no update of an image'}.`,
    aspect: String(index),
    remedy: 'Take this out, and propose it in a pull request of its own.',
  });
}

const LONGEST = 120;

function wordsOf(line: Line): string {
  if ('from' in line) return `changes "${line.from}" to "${line.to}"`;
  const { path, whole, was, is } = line;
  if (whole !== undefined) return `also has file ${path}, that ${whole}`;
  const quote = (text: string) => `"${text.trim().slice(0, LONGEST)}"`;
  if (was === undefined) return `adds the line ${quote(is ?? '')}`;
  return is === undefined
    ? `takes away the line ${quote(was)}`
    : `changes the line ${quote(was)} to ${quote(is)}`;
}

/** Commits on the branch of an automation that are not by it. */
function strangersOf({ update, origin }: Recognised): Fault[] {
  if (update?.by !== 'automation' || origin === undefined) return [];
  return origin.commits
    .filter((commit) => !update.automations.some((automation) => isCommitOf(commit, automation)))
    .slice(0, MOST_LINES)
    .map(({ id, author }): Fault => {
      const [first] = update.automations;
      const short = id.slice(0, 10);
      return {
        rule: tamperedUpdate.id,
        effect: 'risk',
        subject: { apiVersion: '', kind: 'Commit', name: short, field: 'author' },
        message: `Commit ${short} by ${author.name} <${author.email}> is on the branch of ${update.name}, and has not its author and message.`,
        primary: {
          path: first?.object.resource.root.source.path ?? '',
          ...{ line: 1, endLine: 1 },
        },
        related: [],
        remedy: {
          summary: 'Keep the branch to the automation: it overwrites what others push there.',
          fields: [],
          edits: [],
        },
      };
    });
}
