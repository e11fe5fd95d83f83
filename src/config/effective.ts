import { isMap } from '../model/plain-map.ts';
import { type FieldPath, placeOf } from '../model/field-path.ts';
import { type LocatedMap, toPlain } from '../model/located.ts';
import type { Place } from '../model/source.ts';
import type { SettingsProblem, WrittenWaiver } from '../model/waiver.ts';
import { parseConfig } from './load.ts';
import { Config, DEFAULT_CONFIG } from './schema.ts';

/** A configuration's text. */
export interface ConfigFile {
  /** As people know it; with the repository where it is another one. */
  readonly path: string;
  readonly text: string;
}

/** What a repository is configured by; all of it trusted. */
export interface ConfigFiles {
  /** Defaults of the organisation, from its `.github` repository. */
  readonly organisation?: ConfigFile;
  readonly repository?: ConfigFile;
  /** Earlier versions of the repository's file, newest first, for when the present one is broken. */
  readonly earlier?: readonly ConfigFile[];
}

/** The configuration that counts. */
export interface InForce {
  readonly config: Config;
  readonly waivers: readonly WrittenWaiver[];
  /** Faults of the files that should count. */
  readonly problems: readonly SettingsProblem[];
  /** What is not as expected, one sentence each. */
  readonly notes: readonly string[];
  /** Where a setting comes from: `FILE:LINE`, or `default`. */
  readonly originOf: (setting: FieldPath) => string;
  /** The same as a place; undefined for a default. */
  readonly placeOf: (setting: FieldPath) => Place | undefined;
}

interface Layer {
  readonly path: string;
  readonly config: Config;
  readonly root: LocatedMap;
}

/**
 * The organisation's defaults with the repository's file over them. A broken file does not count:
 * its newest version that can be read does, else what lies below it.
 */
export function resolveConfig(files: ConfigFiles, knownRules: readonly string[]): InForce {
  const problems: SettingsProblem[] = [];
  const notes: string[] = [];
  const layers: Layer[] = [];
  for (const file of [files.organisation, files.repository]) {
    if (file === undefined) continue;
    const read = readLayer(file, knownRules);
    if ('config' in read) {
      layers.push(read);
      continue;
    }
    problems.push(...read.problems);
    const good = file === files.repository ? lastGood(files.earlier ?? [], knownRules) : undefined;
    if (good) layers.push(good);
    const [first] = read.problems;
    notes.push(
      `${file.path} is not in force (line ${first?.place.line ?? 1}: ${(first?.message ?? '').replace(/\.$/, '')}). ${
        good ? 'Its last version that can be read is.' : 'The defaults are.'
      }`,
    );
  }
  return { ...join(layers), problems, notes };
}

/** Whether a file can be in force: what cannot gives way to its newest version that can. */
export function isReadable(file: ConfigFile, knownRules: readonly string[]): boolean {
  return 'config' in readLayer(file, knownRules);
}

function readLayer(
  { path, text }: ConfigFile,
  knownRules: readonly string[],
): Layer | { readonly problems: readonly SettingsProblem[] } {
  const result = parseConfig(path, text, knownRules);
  return 'config' in result ? { path, ...result } : result;
}

function lastGood(
  versions: readonly ConfigFile[],
  knownRules: readonly string[],
): Layer | undefined {
  for (const version of versions) {
    const read = readLayer(version, knownRules);
    if ('config' in read) return read;
  }
  return undefined;
}

function join(
  layers: readonly Layer[],
): Pick<InForce, 'config' | 'waivers' | 'originOf' | 'placeOf'> {
  const waivers = layers.flatMap(({ config, root }) =>
    config.waivers.map((waiver, index) => ({
      ...waiver,
      place: placeOf(root, ['waivers', index]),
    })),
  );
  const settings = layers
    .map(({ root }) => toPlain(root) as Plain)
    .reduce<Plain>((below, above) => merge(below, above, []), {});
  const config =
    layers.length === 0
      ? DEFAULT_CONFIG
      : {
          ...Config.parse({ ...settings, waivers: [] }),
          waivers: layers.flatMap((layer) => layer.config.waivers),
        };
  const locate = (setting: FieldPath) => locateSetting(layers, setting);
  return {
    config,
    waivers,
    placeOf: locate,
    originOf(setting) {
      const place = locate(setting);
      return place === undefined ? 'default' : `${place.path}:${place.line}`;
    },
  };
}

type Plain = Readonly<Record<string, unknown>>;

/** Maps are joined, everything else is replaced. */
function merge(below: Plain, above: Plain, path: FieldPath): Plain {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = below[key];
    const isJoined = isMap(under) && isMap(value) && !isWhole([...path, key]);
    merged[key] = isJoined ? merge(under, value, [...path, key]) : value;
  }
  return merged;
}

/** A cluster's admission is told in one of two ways: half of one and half of the other is none. */
function isWhole(path: FieldPath): boolean {
  return path[0] === 'clusters' && path[2] === 'podSecurity' && path.length === 3;
}

function locateSetting(layers: readonly Layer[], setting: FieldPath): Place | undefined {
  const layer = layers.findLast(({ root }) => hasField(root, setting));
  return layer && { ...placeOf(layer.root, setting), path: layer.path };
}

function hasField(root: LocatedMap, path: FieldPath): boolean {
  let node: unknown = toPlain(root);
  for (const step of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return false;
    node = (node as Record<string, unknown>)[step];
  }
  return true;
}
