import { type FieldPath, placeOf } from '../../model/field-path.ts';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import type { FileTree } from '../../model/file-tree.ts';
import { type Located, toPlain } from '../../model/located.ts';
import { type Place, SourceText, toPlace } from '../../model/source.ts';
import { FORBIDDEN } from '../../yaml/go-yaml/characters.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { EMPTY_FILE, readAdmissionConfiguration } from './admission-configuration.ts';
import { type Mode, MODES } from './namespace-policy.ts';
import type { PodSecurityConfiguration } from './pod-security-configuration.ts';

const ENCRYPTED =
  'it is encrypted, and holds nothing secret: keep a readable one, or write the defaults and exemptions into the settings';

/** Why a file is no configuration that an API server starts with. */
export interface ConfigurationFileError {
  readonly message: string;
  readonly place: Place;
  /** There is no file to point into. */
  readonly isAbsent?: true;
  /** What the file names is outside of the repository: it may be right. */
  readonly isElsewhere?: true;
}

export type ConfigurationFile =
  | { readonly configuration: PodSecurityConfiguration; readonly errors: readonly [] }
  | { readonly configuration: undefined; readonly errors: readonly ConfigurationFileError[] };

/** The configuration of an API server as a file of the repository has it. */
export function readConfigurationFile(tree: FileTree, path: string): ConfigurationFile {
  const first = readRoot(tree, path);
  if ('errors' in first) return first;
  if ('isEmpty' in first) {
    const message =
      'it is empty: no API server starts with it as AdmissionConfiguration, and as PodSecurityConfiguration it is the default';
    const place = { path, line: 1, endLine: 1 };
    return { configuration: undefined, errors: [{ message, place, isElsewhere: true }] };
  }
  const others = new Map<string, Located>();
  let broken: ConfigurationFile | undefined;
  const reading = readAdmissionConfiguration(toPlain(first.root), (named) => {
    const other = beside(path, named);
    if (other === undefined || tree.entry(other) === undefined) return undefined;
    const read = readRoot(tree, other);
    if ('isEmpty' in read) return EMPTY_FILE;
    if ('errors' in read) {
      broken = read;
      return undefined;
    }
    others.set(named, read.root);
    return toPlain(read.root);
  });
  if (broken) return broken;
  if (reading.configuration) return { configuration: reading.configuration, errors: [] };
  const errors = reading.errors.map(({ message, path: field, file, isElsewhere }) => ({
    message,
    ...(isElsewhere && { isElsewhere }),
    place: placeOf((file === undefined ? undefined : others.get(file)) ?? first.root, field),
  }));
  return { configuration: undefined, errors };
}

/**
 * Settings with the defaults and exemptions of the file that they name. Where it cannot be read
 * they are unknown, with the reason.
 */
export function withConfigurationFile(settings: ClusterSettings, tree: FileTree): ClusterSettings {
  const path = settings.podSecurity.configuration;
  if (path === undefined) return settings;
  const { configuration, errors } = readConfigurationFile(tree, path);
  if (configuration === undefined) {
    const [error] = errors;
    const unknown = `${path}, which holds the defaults of the cluster, cannot be used: ${error?.message ?? 'it is empty'}`;
    return { ...settings, podSecurity: { ...settings.podSecurity, unknown } };
  }
  const { defaults, exemptions } = configuration;
  const halves = (mode: Mode) => [
    [mode, defaults[mode].level],
    [`${mode}-version`, defaults[mode].version.text],
  ];
  return {
    ...settings,
    podSecurity: {
      configuration: path,
      defaults: Object.fromEntries(MODES.flatMap(halves)) as Record<Mode, string>,
      exemptions,
    },
  };
}

/** Where the defaults and exemptions of a configuration stand. */
export interface LocatedConfiguration {
  readonly root: Located;
  /** The `PodSecurityConfiguration` in it. */
  readonly at: FieldPath;
}

/** The same file as its author wrote it; undefined where it holds no such configuration. */
export function locateConfiguration(
  tree: FileTree,
  path: string,
): LocatedConfiguration | undefined {
  const first = readRoot(tree, path);
  if (!('root' in first) || first.root.kind !== 'map') return undefined;
  const { root } = first;
  if (root.text('kind') === 'PodSecurityConfiguration') return { root, at: [] };
  const plugins = root.text('kind') === 'AdmissionConfiguration' ? root.list('plugins') : undefined;
  for (const [index, plugin] of (plugins?.items ?? []).entries()) {
    if (plugin.kind !== 'map' || plugin.text('name') !== 'PodSecurity') continue;
    if (plugin.map('configuration')) return { root, at: ['plugins', index, 'configuration'] };
    const other = beside(path, plugin.text('path') ?? '/');
    const read = other === undefined ? undefined : readRoot(tree, other);
    return read && 'root' in read ? { root: read.root, at: [] } : undefined;
  }
  return undefined;
}

/** As the file of the plugin it is the default, as that of the API server it is refused. */
const EMPTY = { isEmpty: true } as const;

function readRoot(
  tree: FileTree,
  path: string,
):
  | { readonly root: Located }
  | typeof EMPTY
  | Extract<ConfigurationFile, { configuration: undefined }> {
  const content = tree.read(path);
  const top = { path, line: 1, endLine: 1 };
  if (content.state !== 'text') {
    const message = content.state === 'missing' ? 'there is no such file' : 'it cannot be read';
    return { configuration: undefined, errors: [{ message, place: top, isAbsent: true }] };
  }
  if (content.text === '') return EMPTY;
  const text = firstDocument(content.text);
  const { documents, problems } = parseYaml(new SourceText(path, text), 'kubernetes-strict');
  const [problem] = problems;
  if (problem) {
    const error = { message: problem.message.replace(/\.$/, ''), place: toPlace(problem) };
    return { configuration: undefined, errors: [error] };
  }
  const [root] = documents;
  if (root?.kind === 'map' && root.get('sops') !== undefined) {
    const error = { message: ENCRYPTED, place: placeOf(root, ['sops']) };
    return { configuration: undefined, errors: [error] };
  }
  if (root !== undefined && documents.length === 1) return { root };
  const message =
    root === undefined ? 'its first document holds nothing' : 'it must hold exactly one document';
  return { configuration: undefined, errors: [{ message, place: top }] };
}

/** What stands before the content of a first document: blanks, comments, directives, its mark. */
const OPENING = /^\ufeff?(?:[ \t\r]*(?:#[^\n]*)?\n|%[^\n]*\n)*(?:---(?=[ \t\r\n]|$))?/;
const NEXT_DOCUMENT = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/m;

/**
 * A text up to the end of its first document: an API server reads no further, whatever follows,
 * but for characters that no reader takes. JSON is read as a whole.
 */
function firstDocument(text: string): string {
  if (text.trimStart().startsWith('{') || FORBIDDEN.test(text)) return text;
  const start = OPENING.exec(text)?.[0].length ?? 0;
  const end = NEXT_DOCUMENT.exec(text.slice(start))?.index;
  return end === undefined ? text : text.slice(0, start + end);
}

/** A path relative to a file; undefined where it is absolute or leaves the repository. */
function beside(path: string, named: string): string | undefined {
  if (named.startsWith('/')) return undefined;
  const steps = path.split('/').slice(0, -1);
  for (const step of named.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return undefined;
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
