import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { listSettings } from '../config/difference.ts';
import { type ConfigFile, type InForce, resolveConfig } from '../config/effective.ts';
import { CONFIG_PATH } from '../config/load.ts';
import { toVisible } from '../report/escape.ts';
import { MAX_DAYS, waiverState } from '../review/waivers.ts';
import { MISNAMED, MISNAMED_PATH } from '../model/config-path.ts';
import type { FileTree } from '../model/file-tree.ts';
import { rules } from '../rules/index.ts';
import { readDirectory } from '../snapshot/directory.ts';
import { GitError } from '../snapshot/git-process.ts';
import { SnapshotTree } from '../snapshot/snapshot.ts';
import { listWorktree } from '../snapshot/worktree.ts';
import { findMissingPaths } from './config-paths.ts';
import { coloursOf, type Output, UsageError } from './output.ts';

export interface ConfigCall {
  readonly repo: string;
  /** A file with the organisation's defaults. */
  readonly organisation?: string;
  readonly format: 'pretty' | 'json';
  readonly origin?: boolean;
}

/** `fluxgate config check`: faults of the file in the working directory. @returns the exit code */
export async function configCheckCommand(call: ConfigCall, output: Output): Promise<number> {
  const inForce = await resolve(call);
  const { problems, waivers } = inForce;
  const misnamed = await read(join(call.repo, MISNAMED_PATH), MISNAMED_PATH);
  const now = Date.now();
  const faults = [
    ...(misnamed
      ? [{ message: MISNAMED, place: { path: MISNAMED_PATH, line: 1, endLine: 1 } }]
      : []),
    ...problems,
    ...(await findMissingPaths(inForce, () => readTree(call.repo))),
    ...waivers.flatMap((waiver) => {
      const state = waiverState(waiver, now);
      if (state === undefined) return [];
      const message =
        state === 'expired'
          ? `The waiver of ${waiver.rule} expired on ${waiver.expires}: it counts for nothing.`
          : `The waiver of ${waiver.rule} ends on ${waiver.expires}, more than ${MAX_DAYS} days ahead: it counts for nothing.`;
      return [{ message, place: waiver.place }];
    }),
  ];
  if (call.format === 'json') output.write(JSON.stringify(faults, null, 2));
  else {
    for (const { message, place } of faults) {
      output.write(`${toVisible(place.path)}:${place.line}: ${toVisible(message, 2000)}`);
    }
    if (faults.length === 0) {
      output.write(
        inForce.isAbsent
          ? `There is no ${CONFIG_PATH}: the defaults count.`
          : `${CONFIG_PATH} is as it should be.`,
      );
    }
  }
  return faults.length > 0 ? 1 : 0;
}

/** `fluxgate config show`: every setting as it counts. @returns the exit code */
export async function configShowCommand(call: ConfigCall, output: Output): Promise<number> {
  const inForce = await resolve(call);
  const { config, problems, notes, originOf } = inForce;
  for (const note of notes) output.remark(toVisible(note, 2000));
  if (call.format === 'json') {
    const settings = call.origin
      ? listSettings(config).map(({ path, value }) => ({
          setting: path.join('.'),
          value,
          origin: originOf(path),
        }))
      : config;
    output.write(JSON.stringify(settings, null, 2));
  } else output.write(print(inForce, call.origin ?? false, output));
  return problems.length > 0 ? 1 : 0;
}

function print({ config, waivers, originOf }: InForce, isOrigin: boolean, output: Output): string {
  const { dim } = coloursOf(output);
  const lines = listSettings(config).map(({ path, value }) => ({
    text: `${path.join('.')}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    origin: originOf(path),
  }));
  for (const { rule, subject, owner, expires, place } of waivers) {
    const text = `waiver: ${rule} for ${subject}, ${owner}, until ${expires}`;
    lines.push({ text, origin: `${place.path}:${place.line}` });
  }
  const width = Math.max(...lines.map(({ text }) => Math.min(text.length, 60)));
  return lines
    .map(({ text, origin }) => {
      const shown = toVisible(text, 2000);
      return isOrigin ? `${shown.padEnd(width)}  ${dim(`# ${toVisible(origin)}`)}` : shown;
    })
    .join('\n');
}

async function resolve({
  repo,
  organisation,
}: ConfigCall): Promise<InForce & { readonly isAbsent: boolean }> {
  const directory = await stat(repo).catch(() => undefined);
  if (!directory?.isDirectory()) throw new UsageError(`There is no directory ${repo}.`);
  const repository = await read(join(repo, CONFIG_PATH), CONFIG_PATH);
  const defaults = organisation === undefined ? undefined : await read(organisation, organisation);
  if (organisation !== undefined && defaults === undefined) {
    throw new UsageError(`There is no file ${JSON.stringify(organisation)}.`);
  }
  const inForce = resolveConfig(
    { ...(defaults && { organisation: defaults }), ...(repository && { repository }) },
    rules.map(({ id }) => id),
  );
  return { ...inForce, isAbsent: repository === undefined };
}

/** The files as they lie there, as far as git knows them. */
async function readTree(repo: string): Promise<FileTree> {
  try {
    const { listing, snapshot } = await listWorktree(repo);
    const side = new SnapshotTree(snapshot, listing);
    await side.load(listing.entries.map(({ path }) => path));
    return side.tree;
  } catch (error) {
    if (error instanceof GitError) return readDirectory(repo);
    throw error;
  }
}

async function read(file: string, path: string): Promise<ConfigFile | undefined> {
  try {
    return { path, text: await readFile(file, 'utf8') };
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'ENOENT') return undefined;
      throw new UsageError(`${file} cannot be read (${String(error.code)}).`);
    }
    throw error;
  }
}
