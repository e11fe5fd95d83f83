import type { FileTree } from '../model/file-tree.ts';
import type { Section } from '../model/section.ts';
import { readWaiverComments, type WaiverComment } from '../rules/waiver-comments.ts';
import type { CandidateWaiver } from './waivers.ts';

/** A waiver beside the code. Attacker-controlled until it is known to stand in the base. */
export interface InlineWaiver extends CandidateWaiver {
  /** Equal for the same words at the same object and field, wherever the file moved them. */
  readonly identity: string;
}

/** The waivers in comments, as they may count. */
export function readInlineWaivers(tree: FileTree): InlineWaiver[] {
  return readWaiverComments(tree).map(toWaiver);
}

function toWaiver({ lines, subject, field, ...written }: WaiverComment): InlineWaiver {
  const { rule, owner, expires, reason, place } = written;
  const [start, end] = lines;
  return {
    ...written,
    subject: field === undefined ? subject : `${subject} ${field}`,
    isInline: true,
    identity: JSON.stringify([place.path, rule, owner, expires, reason, subject, field]),
    covers: ({ primary }) =>
      primary.path === place.path && primary.line >= start && primary.line <= end,
  };
}

/** Waivers of the merged state that stood in the base too, and those that it brings. */
export function sortInlineWaivers(
  before: FileTree | undefined,
  after: FileTree,
): { trusted: InlineWaiver[]; coming: InlineWaiver[] } {
  const waivers = readInlineWaivers(after);
  if (before === undefined) return { trusted: waivers, coming: [] };
  const known = new Set(readInlineWaivers(before).map(({ identity }) => identity));
  const isKnown = ({ identity }: InlineWaiver) => known.has(identity);
  return {
    trusted: waivers.filter(isKnown),
    coming: waivers.filter((waiver) => !isKnown(waiver)),
  };
}

/** What a reader is told of them; none where all can be read. */
export function unreadWaiversSection(places: readonly string[]): Section[] {
  if (places.length === 0) return [];
  const shown = places.slice(0, 20);
  const more = places.length - shown.length;
  return [
    {
      area: 'gitops',
      title: 'Waivers beside the code that cannot be read',
      blocks: [
        {
          kind: 'text',
          text: `They count for nothing: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}. One is written: # fluxgate: ignore RULE by @OWNER until 2027-03-31 because REASON`,
        },
      ],
    },
  ];
}
