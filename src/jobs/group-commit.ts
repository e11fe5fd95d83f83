/** What has to be done in a transaction. May be called more than once: a failed one is undone. */
type Work = () => void;

export interface Transactions {
  /** Does all of it and commits or, when it throws, nothing. Synced to the disk if durable. */
  readonly transact: (works: readonly Work[], isDurable: boolean) => void;
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
 * Ms to wait for company at most. On a slow disk a commit waits as long as the last shared one
 * took: fewer commits of more deliveries each, where single ones would queue up behind each other.
 */
const LONGEST_GATHERING = 5;
/** Ms below which waiting is not worth a timer. */
const SHORTEST_GATHERING = 1;

/** Shares transactions: all that comes in one turn of the event loop is committed together. */
export function createGroupCommit({ transact, after }: Transactions): GroupCommit {
  let waiting: Task[] = [];
  let gathering = 0;

  function add(task: Task): void {
    waiting.push(task);
    if (waiting.length > 1) return;
    if (gathering < SHORTEST_GATHERING) setImmediate(flush);
    else setTimeout(flush, gathering);
  }

  function flush(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    const begin = performance.now();
    if (!commit(group)) {
      // One may be at fault, too big for the space left say: then each is tried alone.
      for (const task of group) commit([task], task.reject);
    }
    const took = performance.now() - begin;
    gathering = group.length > 1 ? Math.min(took, LONGEST_GATHERING) : 0;
    after();
  }

  function commit(group: readonly Task[], onError?: (error: unknown) => void): boolean {
    const works = group.map(({ work }) => work);
    try {
      transact(
        works,
        group.some(({ isDurable }) => isDurable),
      );
    } catch (error) {
      onError?.(error);
      return false;
    }
    for (const { resolve } of group) resolve();
    return true;
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
