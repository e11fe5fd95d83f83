/** Said where something is left out. */
const CUT = '(cut here: the answer is longer than a comment may be)';

/**
 * A text that is longer than a comment may be, cut between two lines; what stands open there is
 * closed, so that it swallows nothing of what follows.
 *
 * @param maximum characters that the result may have
 */
export function cutMarkdown(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  const longest = (text.match(/`+|~+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const room = Math.max(0, maximum - 200 - longest);
  const end = text.lastIndexOf('\n', room);
  const kept = text.slice(0, end > 0 ? end : room);
  let fence: string | undefined;
  let folds = 0;
  for (const line of kept.split('\n')) {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (marks?.startsWith(fence) && line.trim() === marks) fence = undefined;
    } else if (marks !== undefined) fence = marks;
    else
      folds += (line.match(/<details>/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0);
  }
  return [
    kept,
    ...(fence === undefined ? [] : [fence]),
    ...Array.from({ length: Math.max(0, folds) }, () => '\n</details>'),
    `\n${CUT}`,
  ].join('\n');
}
