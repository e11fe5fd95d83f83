import { describe, expect, it } from 'vitest';

import type { InlineComment } from '../../src/model/report.ts';
import { ownThreads, planConversation, type Thread } from '../../src/publish/conversation.ts';
import { withMarker } from '../../src/publish/marker.ts';
import { suggestionOf, withRetiredSuggestion } from '../../src/publish/suggestion-block.ts';

const BOT = 7;
const RETIRED =
  'Words.\n\n*No longer suggested here. The check run says what holds now.*\n\n```\nx: 1\n```';
const FIX = 'Words.\n\n```suggestion\nx: 1\n```';

function comment(fingerprints: string, more: Partial<InlineComment> = {}): InlineComment {
  return {
    path: 'a.yaml',
    line: 4,
    body: FIX,
    fingerprints: fingerprints.split(','),
    areas: [],
    ...more,
  };
}

/** A thread in which a person has answered. */
function answered(fingerprints: string, body = FIX): Thread {
  const own = thread(fingerprints, { body });
  return { ...own, comments: [...own.comments, { id: 2, author: 8, body: 'Hm.' }] };
}

function thread(fingerprints: string, more: Partial<Thread> & { body?: string } = {}): Thread {
  const { body = FIX, ...rest } = more;
  const marked = withMarker(body, { fingerprints: fingerprints.split(','), isMended: false });
  return {
    ...{ id: fingerprints, isResolved: false, isOutdated: false, canResolve: false },
    ...{ path: 'a.yaml', line: 4 },
    comments: [{ id: 1, author: BOT, body: marked }],
    ...rest,
  };
}

/** What is done, in short: `post a`, `edit a,b: BODY`, `retire a: BODY`, `close a`. */
function planned(
  threads: readonly Thread[],
  comments: readonly InlineComment[],
  present = 'a,b,c',
) {
  const { post, update, retire, close } = planConversation(
    ownThreads(threads, BOT),
    comments,
    new Set(present.split(',')),
  );
  return [
    ...post.map(({ fingerprints }) => `post ${fingerprints.join(',')}`),
    ...update.map(({ thread: { id }, body }) => `edit ${id}: ${body}`),
    ...retire.map(({ thread: { id }, body }) => `retire ${id}: ${body}`),
    ...close.map(({ id }) => `close ${id}`),
  ];
}

const marked = (body: string, fingerprints: string) =>
  `${body}\n\n<!-- fluxgate:${fingerprints} -->`;

describe('the conversation on lines', () => {
  it.each<[string, Thread[], InlineComment[], string[]]>([
    ['is begun', [], [comment('a')], ['post a']],
    ['stays where it says all', [thread('a')], [comment('a')], []],
    [
      'stays where only blanks differ',
      [thread('a', { body: 'Words.  \r\n\r\n```suggestion\r\nx: 1\r\n```' })],
      [comment('a')],
      [],
    ],
    [
      'says what came in its place, with what one click commits',
      [thread('a')],
      [comment('a,b')],
      [`edit a: ${marked(FIX, 'a,b')}`],
    ],
    [
      'offers no click for lines that it does not stand on',
      [thread('a')],
      [comment('a,b', { startLine: 4, line: 8 })],
      [`edit a: ${marked('Words.\n\nLines 4 to 8, mended:\n\n```\nx: 1\n```', 'a,b')}`],
    ],
    [
      'offers no click for one line of several',
      [thread('a,b', { startLine: 2 })],
      [comment('a')],
      [`edit a,b: ${marked('Words.\n\nLine 4, mended:\n\n```\nx: 1\n```', 'a')}`],
    ],
    [
      'offers what is right now, when the lines around changed',
      [thread('a', { body: FIX.replace('1', '2') })],
      [comment('a')],
      [`edit a: ${marked(FIX, 'a')}`],
    ],
    [
      'is not changed once a person has answered',
      [
        thread('a', {
          comments: [
            { id: 1, author: BOT, body: marked('Old.', 'a') },
            { id: 2, author: 8, body: 'Hm.' },
          ],
        }),
      ],
      [comment('a')],
      [],
    ],
    [
      'is not changed where its line is gone',
      [thread('a', { isOutdated: true, body: 'x' })],
      [comment('a')],
      [],
    ],
    [
      'is not changed where it is resolved',
      [thread('a', { isResolved: true, body: 'x' })],
      [comment('a')],
      [],
    ],
    [
      'keeps what two comments say now',
      [thread('a,b')],
      [comment('a'), comment('b', { line: 9 })],
      [],
    ],
    [
      'loses nothing that two comments say now, when one of them says more',
      [thread('a,b')],
      [comment('a,c'), comment('b', { line: 9 })],
      ['post a,c'],
    ],
    [
      'keeps two comments that are of one cause now, and the click of the one that holds',
      [thread('a'), thread('b', { line: 9 })],
      [comment('a,b')],
      [`retire b: ${marked(RETIRED, 'b')}`],
    ],
    [
      'offers a click as long as it is right, however GitHub writes its lines',
      [
        thread('a', {
          body: 'Words.\n\n```suggestion  \r\nx: 1\r\n```\r\nMore.',
          isResolved: true,
        }),
      ],
      [comment('a')],
      [],
    ],
    [
      'takes the click from a comment that somebody resolved when another would be right',
      [thread('a', { body: FIX.replace('1', '2'), isResolved: true })],
      [comment('a')],
      [`retire a: ${marked(RETIRED.replace('1', '2'), 'a')}`],
    ],
    [
      'takes the click from a comment whose finding is on no line of the diff',
      [thread('a')],
      [],
      [`retire a: ${marked(RETIRED, 'a')}`],
    ],
    ['has no click to take twice', [thread('a', { body: RETIRED })], [], []],
    [
      'leaves the click of an outdated comment to GitHub, which offers none',
      [thread('a', { isOutdated: true })],
      [],
      [],
    ],
    [
      'leaves an answered comment word for word, whatever became of its finding',
      [answered('a'), answered('b', FIX.replace('1', '2')), answered('d')],
      [comment('a', { line: 5 })],
      ['close d'],
    ],
    [
      'says where the lines are when its finding moved to another file',
      [thread('a')],
      [comment('a', { path: 'b.yaml', startLine: 3 })],
      [`edit a: ${marked('Words.\n\nLines 3 to 4 of `b.yaml`, mended:\n\n```\nx: 1\n```', 'a')}`],
    ],
    [
      'ends without a click where its thread is resolved',
      [thread('d', { canResolve: true })],
      [],
      [`retire d: ${marked(RETIRED, 'd')}`, 'close d'],
    ],
    ['ends when all is mended', [thread('d')], [], ['close d']],
  ])('%s', (_label, threads, comments, expected) => {
    expect(planned(threads, comments)).toEqual(expected);
  });

  it('stays as it is where a review could not finish', () => {
    const own = ownThreads([answered('a'), thread('d')], BOT);
    const nothing = { post: [], update: [], retire: [], close: [] };
    expect(planConversation(own, [], undefined)).toEqual(nothing);
  });

  it('loses its click once, whatever ends its lines', () => {
    const written = FIX.replace('suggestion', 'suggestion ').replaceAll('\n', '\r\n');
    const retired = withRetiredSuggestion(written);
    expect(suggestionOf(written)).toBe('```suggestion\nx: 1\n```');
    expect(suggestionOf(retired)).toBeUndefined();
    expect(planned([thread('a', { body: retired })], [])).toEqual([]);
  });

  it('says literally where a path stands for a pattern', () => {
    const moved = comment('a', { path: 'a/$1$&`.yaml' });
    expect(planned([thread('a')], [moved])[0]).toContain('Line 4 of `` a/$1$&`.yaml ``, mended:');
  });
});
