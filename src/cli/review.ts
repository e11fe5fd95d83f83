import type { Effect } from '../model/finding.ts';
import { gitEvidence } from '../evidence/git.ts';
import { withRegistries } from '../evidence/registry-evidence.ts';
import { loadAndReview } from '../review/load.ts';
import { rules } from '../rules/index.ts';
import { openRepository } from '../snapshot/git.ts';
import { resolveRange } from '../snapshot/local-range.ts';
import { SnapshotTree } from '../snapshot/snapshot.ts';
import { readConfigFiles } from './config-files.ts';
import { exitCodeOf } from './exit-code.ts';
import { type Format, printReview } from './format.ts';
import { openPreview } from './open-preview.ts';
import { type Output, withProgress } from './output.ts';
import { registriesOf } from './registries.ts';

export interface ReviewCall {
  readonly repo: string;
  readonly base?: string;
  readonly head?: string;
  readonly worktree?: boolean;
  readonly format: Format;
  readonly all?: boolean;
  readonly failOn?: Effect | 'unknown';
  /** Also write the review as a page, and open it on a terminal. */
  readonly open?: boolean;
  /** Hosts of registries that may be asked, separated by commas. */
  readonly registries?: string;
}

/** `fluxgate review`: a change of a local repository. @returns the exit code */
export async function reviewCommand(call: ReviewCall, output: Output): Promise<number> {
  const registries = registriesOf(call.registries);
  const repository = await openRepository(call.repo);
  try {
    const { note, ...sides } = await resolveRange(repository, { repository: call.repo, ...call });
    const files = await readConfigFiles(sides.before, repository);
    const options = { files, rules, notes: note === undefined ? [] : [note], now: Date.now() };
    let known = {};
    const review = await withProgress(output, 'Reviewing…', async () =>
      loadAndReview(
        sides,
        options,
        withRegistries(
          gitEvidence({
            repository: call.repo,
            base: sides.before.listing.commit,
            head: await repository.resolve(call.head ?? 'HEAD'),
            baseName: call.base ?? (await repository.defaultBase()),
            headName: call.head ?? 'HEAD',
          }),
          registries,
        ),
        (facts) => (known = facts),
      ),
    );
    printReview(review, call.format, call.all ?? false, output);
    if (call.open) {
      await openPreview(
        `Review of ${call.head ?? 'HEAD'}`,
        review,
        sides,
        { ...options, ...known },
        output,
      );
    }
    return exitCodeOf(review, call.failOn);
  } finally {
    await repository.close();
  }
}

export interface ScanCall {
  readonly repo: string;
  readonly rev: string;
  readonly format: Format;
  readonly failOn?: Effect | 'unknown';
}

/** `fluxgate scan`: everything that a repository holds, without a before. @returns the exit code */
export async function scanCommand(call: ScanCall, output: Output): Promise<number> {
  const repository = await openRepository(call.repo);
  try {
    const listing = await repository.list(await repository.resolve(call.rev));
    const tree = new SnapshotTree(repository, listing);
    const files = await readConfigFiles(tree, repository);
    const review = await withProgress(output, 'Scanning…', () =>
      loadAndReview({ after: tree, head: tree }, { files, rules, now: Date.now() }),
    );
    printReview(review, call.format, true, output);
    return exitCodeOf(review, call.failOn ?? 'denied');
  } finally {
    await repository.close();
  }
}
