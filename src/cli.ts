#!/usr/bin/env node
import process from 'node:process';

import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { ADMIT_FORMATS, admitCommand, type AdmitCall } from './cli/admit.ts';
import { type ConfigCall, configCheckCommand, configShowCommand } from './cli/config.ts';
import { BUILD_FORMATS, buildCommand } from './cli/build.ts';
import { CLUSTERS_FORMATS, type ClustersCall, clustersCommand } from './cli/clusters.ts';
import { EXPLAIN_FORMATS, explainCommand } from './cli/explain.ts';
import { FORMATS } from './cli/format.ts';
import { standardOutput, UsageError } from './cli/output.ts';
import { PLAN_FORMATS, PLAN_LEVELS, type PlanCall, planCommand } from './cli/plan.ts';
import { type PullRequestCall, pullRequestCommand } from './cli/pull-request.ts';
import { RANGE_FORMATS, type RangeCall, rangeCommand } from './cli/range.ts';
import { type ReviewCall, reviewCommand, type ScanCall, scanCommand } from './cli/review.ts';
import {
  VERIFICATION_MODES,
  VERIFY_FORMATS,
  type VerifyCommitCall,
  verifyCommitCommand,
} from './cli/verify-commit.ts';
import { VERSION } from './cli/version.ts';
import { EFFECTS } from './model/finding.ts';
import { LEVELS } from './rules/pod-security/level.ts';
import { GitError } from './snapshot/git-process.ts';

process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('fluxgate')
    .description('Says what the cluster will say to a change of a Flux repository.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(fluxgate --help tells more)');
  const format = new Option('--format <format>', 'how to print it')
    .choices([...FORMATS])
    .default('pretty');
  const failOn = new Option('--fail-on <effect>', 'exit 1 from this effect on').choices([
    ...EFFECTS,
    'unknown',
  ]);

  program
    .command('review')
    .description('review a change: what the merge of head into base brings to the clusters')
    .option('--repo <dir>', 'the repository', '.')
    .option('--base <rev>', 'where it is merged (default: where HEAD left the default branch)')
    .option('--head <rev>', 'what is merged (default: HEAD)')
    .option('--worktree', 'review the files as they lie in the working directory')
    .option('--open', 'also write the review as GitHub would show it to a page, and open it')
    .option(
      '--pr <name>',
      'a pull request on GitHub, OWNER/REPO#NUMBER; token in GITHUB_TOKEN or GH_TOKEN, another server than github.com in GITHUB_API_URL',
    )
    .option('--publish', 'with --pr: also publish the checks and comments')
    .option(
      '--registries <hosts>',
      'registries to ask for images and signatures, separated by commas (default: none)',
    )
    .option('--all', 'also list what existed before')
    .addOption(format)
    .addOption(failOn)
    .action(async ({ pr, publish, ...call }: ReviewCall & Partial<PullRequestCall>) => {
      if (publish && pr === undefined) throw new UsageError('--publish goes with --pr.');
      const isLocal = call.base !== undefined || call.head !== undefined;
      if (pr !== undefined && (isLocal || call.worktree || call.open)) {
        const message =
          '--pr reviews what GitHub has: --base, --head, --worktree and --open do not go with it.';
        throw new UsageError(message);
      }
      exitCode = await (pr === undefined
        ? reviewCommand(call, standardOutput)
        : pullRequestCommand({ ...call, pr, ...(publish && { publish }) }, standardOutput));
    });

  program
    .command('scan')
    .description('list everything that is wrong, without a before')
    .option('--repo <dir>', 'the repository', '.')
    .option('--rev <rev>', 'the commit', 'HEAD')
    .addOption(format)
    .addOption(failOn)
    .action(async (call: ScanCall) => {
      exitCode = await scanCommand(call, standardOutput);
    });

  program
    .command('verify-commit')
    .description('what Flux says about the signatures of commits, ranges and tags')
    .argument('[rev...]', 'commits, ranges A..B or tags (default: HEAD)')
    .requiredOption(
      '--keys <path...>',
      'key files (.asc, .sshpub) or folders of them; commits go before it',
    )
    .option('--repo <dir>', 'the repository', '.')
    .option('--flux <version>', 'the version of Flux, e.g. 2.8 (default: the newest)')
    .addOption(
      new Option('--mode <mode>', 'spec.verify.mode')
        .choices([...VERIFICATION_MODES])
        .default('HEAD'),
    )
    .option(
      '--last <n>',
      'look back from each revision, which is no range, on the last N heads of its branch',
      toCount,
    )
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices([...VERIFY_FORMATS])
        .default('pretty'),
    )
    .action(async (revisions: string[], call: VerifyCommitCall) => {
      exitCode = await verifyCommitCommand(revisions, call, standardOutput);
    });

  program
    .command('admit')
    .description('what Pod Security admission answers to manifests; exit 1 when pods are refused')
    .argument('[file...]', 'files, directories, - for the standard input')
    .addOption(
      new Option(
        '--level <level>',
        'enforce this level (default: of the Namespace in the input)',
      ).choices([...LEVELS]),
    )
    .option('--policy-version <version>', 'its version, such as v1.35 (default: latest)')
    .option('--namespace-labels <key=value...>', 'labels of the namespace, e.g. warn=restricted')
    .addOption(
      new Option('--defaulting <how>', 'what is filled in first, as an API server does')
        .choices(['none', 'volumes', 'server'])
        .default('server'),
    )
    .option('--fix', 'print the manifests with all fixes made; what no edit can fix goes to stderr')
    .addOption(
      new Option('--format <format>', 'jsonl reads lines {level, version, pod}')
        .choices([...ADMIT_FORMATS])
        .default('pretty'),
    )
    .action(async (files: string[], call: AdmitCall) => {
      exitCode = await admitCommand(files, call, standardOutput);
    });

  program
    .command('clusters')
    .description(
      'show the clusters of a repository, what Flux applies to them, and their namespaces',
    )
    .option('--repo <dir>', 'the repository', '.')
    .option('--rev <rev>', 'the commit', 'HEAD')
    .addOption(new Option('--format <format>').choices([...CLUSTERS_FORMATS]).default('pretty'))
    .action(async (call: ClustersCall) => {
      exitCode = await clustersCommand(call, standardOutput);
    });

  program
    .command('plan')
    .description(
      'what a stricter Pod Security level would refuse; exit 1 when the level that is named does',
    )
    .argument('[namespace]', 'in detail (default: all, a line each)')
    .addArgument(new Argument('[level]', 'the level to plan for').choices([...PLAN_LEVELS]))
    .option('--cluster <name>', 'in this cluster only')
    .option('--repo <dir>', 'the repository', '.')
    .option('--rev <rev>', 'the commit', 'HEAD')
    .addOption(new Option('--format <format>').choices([...PLAN_FORMATS]).default('pretty'))
    .action(
      async (
        namespace: string | undefined,
        level: (typeof PLAN_LEVELS)[number] | undefined,
        call: PlanCall,
      ) => {
        exitCode = await planCommand(namespace, level, call, standardOutput);
      },
    );

  program
    .command('explain')
    .description('what a rule means, what is allowed and how to fix it; all rules without a name')
    .argument('[rule]', 'its id, e.g. pod-security/privileged-containers')
    .addOption(new Option('--format <format>').choices([...EXPLAIN_FORMATS]).default('pretty'))
    .action((rule: string | undefined, options: Parameters<typeof explainCommand>[1]) => {
      exitCode = explainCommand(rule, options, standardOutput);
    });

  program
    .command('range')
    .description('what a version range of Flux lets in; exit 1 when one is invalid')
    .argument('<range...>', "in quotes, e.g. '^1.2.0' '>=1.0.0 <2.0.0'")
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices([...RANGE_FORMATS])
        .default('pretty'),
    )
    .action((ranges: string[], call: RangeCall) => {
      exitCode = rangeCommand(ranges, call, standardOutput);
    });

  const config = program
    .command('config')
    .description('the configuration in .github/fluxgate.yaml: whether it counts, and what counts');
  for (const [name, description, run] of [
    ['check', 'tell each fault with its line; exit 1 where there is one', configCheckCommand],
    ['show', 'every setting as it counts, defaults included', configShowCommand],
  ] as const) {
    const command = config
      .command(name)
      .description(description)
      .option('--repo <dir>', 'the repository; its working directory is read', '.')
      .option(
        '--organisation <file>',
        "a file with the organisation's defaults, which lie under it",
      )
      .addOption(new Option('--format <format>').choices(['pretty', 'json']).default('pretty'));
    if (name === 'show') command.option('--origin', 'also where each setting comes from');
    command.action(async (call: ConfigCall) => {
      exitCode = await run(call, standardOutput);
    });
  }
  program
    .command('build')
    .description('print what an overlay renders to, and which line each line comes from')
    .argument('<dir>', 'the directory with the kustomization file')
    .option('--blame', 'show file:line beside every line')
    .option('--repo <dir>', 'the repository at whose root <dir> starts')
    .option('--rev <rev>', 'the commit (default: the files as they lie in the working directory)')
    .addOption(new Option('--format <format>').choices([...BUILD_FORMATS]).default('pretty'))
    .action(async (directory: string, options: Parameters<typeof buildCommand>[1]) => {
      exitCode = await buildCommand(directory, options, standardOutput);
    });

  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    return toExitCode(error);
  }
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Give a number from 1 to 9999.');
  return Number(text);
}

/** 2 for what the caller or the machine must mend; the message says how. */
function toExitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError || error instanceof GitError) {
    process.stderr.write(`fluxgate: ${error.message}\n`);
    return 2;
  }
  throw error;
}
