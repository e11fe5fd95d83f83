import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which head a repository was first reviewed at. */
export interface FirstReviews {
  /**
   * Whether a head is the first that was ever reviewed in a repository. The answer to the same
   * question stays the same, so that a review that runs again says the same again.
   */
  isFirst(repository: number, head: string): Promise<boolean>;
}

/** Keeps it as files in a folder, which is made when it is needed. */
export function createFirstReviews(directory: string): FirstReviews {
  const known = new Map<number, string>();
  return {
    async isFirst(repository, head) {
      const first = known.get(repository) ?? (await remember(directory, repository, head));
      known.set(repository, first);
      return first === head;
    },
  };
}

/** The head that is kept; the given one where there was none. Of two at once, one is first. */
async function remember(directory: string, repository: number, head: string): Promise<string> {
  const file = join(directory, `${repository}-first`);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(file, head, { flag: 'wx' });
    return head;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return (await readFile(file, 'utf8')).trim();
    }
    throw error;
  }
}
