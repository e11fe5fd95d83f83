import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The newest configurations that could be read, by repository and branch. */
export interface ConfigStore {
  recall(repository: number, branch: string): Promise<string | undefined>;
  keep(repository: number, branch: string, text: string): Promise<void>;
}

/** Nobody configures so much; what is longer is not kept. */
const MAX_BYTES = 1024 * 1024;

/** Keeps them as files in a folder, which is made when it is needed. */
export function createConfigStore(directory: string): ConfigStore {
  const known = new Map<string, string>();
  return {
    async recall(repository, branch) {
      try {
        return await readFile(join(directory, nameOf(repository, branch)), 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async keep(repository, branch, text) {
      const name = nameOf(repository, branch);
      const digest = createHash('sha256').update(text).digest('hex');
      if (known.get(name) === digest || Buffer.byteLength(text) > MAX_BYTES) return;
      await mkdir(directory, { recursive: true });
      const partial = join(directory, `${name}.${digest.slice(0, 12)}`);
      await writeFile(partial, text);
      await rename(partial, join(directory, name));
      known.set(name, digest);
    },
  };
}

/** A branch may be called anything. */
function nameOf(repository: number, branch: string): string {
  return `${repository}-${createHash('sha256').update(branch).digest('hex').slice(0, 24)}.yaml`;
}
