/**
 * A process of its own for the tests that kill one: `child.ts FILE make|hold|flood`. Speaks one line
 * per event on standard output.
 */
import process from 'node:process';

import { openSqliteQueue } from '../../src/jobs/sqlite.ts';
import { claimOne, lease, push } from './samples.ts';

const [, , file = '', mode = ''] = process.argv;
const HOUR = 3_600_000;
const queue = openSqliteQueue({ file });

switch (mode) {
  case 'make':
    await queue.apply({ changes: [{ put: push('a', [5, 100]) }] });
    break;
  case 'hold': {
    await queue.apply({ changes: [{ put: push('a', [5, 100]) }] });
    const claim = await claimOne(queue, lease('child', HOUR));
    console.log(claim?.key);
    setInterval(() => undefined, HOUR);
    break;
  }
  case 'flood':
    for (let index = 1; ; index += 1) {
      try {
        await queue.apply({ changes: [{ put: push(`${index.toString(16)}f`, [index, 100]) }] });
        console.log(index);
      } catch (error) {
        console.log(error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
        break;
      }
    }
}
