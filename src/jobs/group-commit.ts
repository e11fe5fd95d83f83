/** What has to be done in a transaction. May be called more than once: a failed one is undone. */
type Work = () => void;

export interface Transactions {
  /** Does all of it and commits or, when it throws, nothing. */
  readonly transact: (works: readonly Work[], isDurable: boolean) => void;
  /** Resolves when what has been committed is on the disk. Called after durable transactions. */
  readonly persist: () => Promise<void>;
  /** Called after transactions, some of which may have failed. */
  readonly after: () => void;
}

export interface GroupCommit {
  /** Resolves with the work's result when it is committed, and on disk if durable. */
  readonly run: <Result>(isDurable: boolean, work: () => Result) => Promise<Result>;
  /** Commits what waits, now. */
  readonly flush: () => void;
}

interface Task {
  readonly isDurable: boolean;
  readonly work: Work;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Shares transactions: all that comes in one turn of the event loop is committed together. The disk
 * is waited for beside the event loop, so that a slow one delays answers but not the next commits.
 */
export function createGroupCommit({ transact, persist, after }: Transactions): GroupCommit {
  let waiting: Task[] = [];

  function add(task: Task): void {
    waiting.push(task);
    if (waiting.length === 1) setImmediate(flush);
  }

  function flush(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    if (!commit(group)) {
      // One may be at fault, too big for the space left say: then each is tried alone.
      for (const task of group) commit([task], task.reject);
    }
    after();
  }

  function commit(group: readonly Task[], onError?: (error: unknown) => void): boolean {
    const works = group.map(({ work }) => work);
    const durable = group.filter(({ isDurable }) => isDurable);
    try {
      transact(works, durable.length > 0);
    } catch (error) {
      onError?.(error);
      return false;
    }
    for (const { isDurable, resolve } of group) if (!isDurable) resolve();
    if (durable.length > 0) persistFor(durable);
    return true;
  }

  function persistFor(tasks: readonly Task[]): void {
    persist().then(
      () => {
        for (const { resolve } of tasks) resolve();
      },
      (error: unknown) => {
        for (const { reject } of tasks) reject(error);
      },
    );
  }

  function run<Result>(isDurable: boolean, work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      let result: Result;
      add({
        isDurable,
        work: () => {
          result = work();
        },
        resolve: () => {
          resolve(result);
        },
        reject,
      });
    });
  }

  return { run, flush };
}
