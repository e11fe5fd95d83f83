import { refChanged } from '../domain/pushes.ts';
import { type CommitFields, toIdentity } from '../git/commit-object.ts';
import { writeSignedCommit } from '../git/signing.ts';
import { readCommit, setRef } from '../git/store.ts';
import { editTree, findEntry } from '../git/trees.ts';
import { WEB_FLOW, gitIdentityOf, noreplyAddress } from '../render/commits.ts';
import type { Anchor, Issue, ReviewComment } from '../state/model.ts';
import type { World } from '../state/world.ts';
import { accountOf, known, repositoryOf } from './lookup.ts';

/**
 * The button "Commit suggestion": replaces the commented lines by the comment's suggestion, word by
 * word, and commits that to the head branch over the web.
 *
 * @returns the new head
 * @throws Error where GitHub shows no button: no suggestion, an outdated place, the left side
 */
export async function applySuggestion(
  world: World,
  name: string,
  commentId: number,
  login: string,
): Promise<string> {
  const repository = repositoryOf(world, name);
  const comment = known(findComment([...repository.issues.values()], commentId), 'comment');
  const { pull } = comment.thread.issue;
  const by = accountOf(world, login);
  const head = known(pull.headRepository ?? undefined, 'head repository');
  const before = known(await readCommit(head.git, pull.headSha), 'head');
  const place = placeOf(comment);
  const entry = known(await findEntry(head.git.objects, before.tree, place.path), 'file');
  const old = known(await head.git.objects.read(entry.id), 'file').bytes.toString('utf8');
  const text = replaceLines(old, place, suggestionIn(comment.body));
  const id = head.git.objects.write('blob', Buffer.from(text));
  const fields: CommitFields = {
    tree: await editTree(
      head.git.objects,
      before.tree,
      new Map([[place.path, { mode: entry.mode, id }]]),
    ),
    parents: [before.id],
    author: toIdentity(gitIdentityOf(by), world.now()),
    committer: toIdentity(WEB_FLOW, world.now()),
    message: `Update ${place.path}\n\nCo-authored-by: ${comment.user.login} <${noreplyAddress(comment.user)}>`,
  };
  const after = await writeSignedCommit(head.git, fields, world.webFlow);
  const ref = `refs/heads/${pull.headRef}`;
  setRef(head.git, ref, after);
  await refChanged(world, head, { ref, before: before.id, after }, by);
  return after;
}

function findComment(issues: readonly Issue[], id: number): ReviewComment | undefined {
  return issues
    .flatMap(({ pull }) => pull?.threads ?? [])
    .flatMap(({ comments }) => comments)
    .find((comment) => comment.id === id);
}

interface Lines {
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

function placeOf({ thread }: ReviewComment): Lines {
  const place: Anchor = known(thread.current, 'place in the newest head');
  const last = known(place.line, 'line');
  if (place.side === 'LEFT') throw new Error('A suggestion cannot stand on a removed line.');
  return { path: place.path, first: place.startLine ?? last, last };
}

/** The text between the fences; a longer fence lets it hold three backticks. */
function suggestionIn(body: string): string {
  const match = /^(`{3,})suggestion[^\n]*\r?\n([\s\S]*?)^\1[ \t]*$/m.exec(body);
  return known(match?.[2], 'suggestion').replaceAll('\r\n', '\n');
}

function replaceLines(text: string, { first, last }: Lines, replacement: string): string {
  const lines = text.split(/(?<=\n)/);
  return [...lines.slice(0, first - 1), replacement, ...lines.slice(last)].join('');
}
