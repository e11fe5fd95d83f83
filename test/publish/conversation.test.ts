import { describe, expect, it } from 'vitest';

import type { InlineComment } from '../../src/model/report.ts';
import { ownThreads, planConversation, type Thread } from '../../src/publish/conversation.ts';
import { withMarker } from '../../src/publish/marker.ts';

const BOT = 7;
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

function thread(fingerprints: string, more: Partial<Thread> & { body?: string } = {}): Thread {
  const { body = FIX, ...rest } = more;
  const marked = withMarker(body, { fingerprints: fingerprints.split(','), isMended: false });
  return {
    ...{ id: fingerprints, isResolved: false, isOutdated: false, canResolve: false, line: 4 },
    comments: [{ id: 1, author: BOT, body: marked }],
    ...rest,
  };
}

/** What is done, in short: `post a`, `edit a,b: BODY`, `close a`. */
function planned(
  threads: readonly Thread[],
  comments: readonly InlineComment[],
  present = 'a,b,c',
) {
  const { post, update, close } = planConversation(
    ownThreads(threads, BOT),
    comments,
    new Set(present.split(',')),
  );
  return [
    ...post.map(({ fingerprints }) => `post ${fingerprints.join(',')}`),
    ...update.map(({ thread: { id }, body }) => `edit ${id}: ${body}`),
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
      'keeps two comments that are of one cause now',
      [thread('a'), thread('b', { line: 9 })],
      [comment('a,b')],
      [],
    ],
    ['ends when all is mended', [thread('d')], [], ['close d']],
  ])('%s', (_label, threads, comments, expected) => {
    expect(planned(threads, comments)).toEqual(expected);
  });
});
