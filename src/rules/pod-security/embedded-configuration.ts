import { factsOf } from '../../flux/file-facts.ts';
import { manifestsAt } from '../../flux/loose.ts';
import type { FileTree } from '../../model/file-tree.ts';
import { type Place, SourceText, toPlace } from '../../model/source.ts';
import type { Repository } from '../rule.ts';
import { locateConfiguration } from './configuration-file.ts';
import { writtenClusters } from './written-settings.ts';

/** Where the admission of some cluster seems to be configured, in a form that is not read. */
export interface EmbeddedConfiguration {
  readonly place: Place;
  /** What stands there, in words. */
  readonly what: string;
}

/**
 * In a comment it is none. In YAML, in JSON, and in either as a text of something else: a machine
 * configuration of Talos, files of Cluster API, values of a chart.
 */
const KIND =
  /^(?:[^#\n]*[^\w#\n])?kind\\?["']?:[ \t]*\\?["']?(PodSecurity(?:AdmissionConfigurationTemplate|Configuration))\b/m;

/** How an API server is told of such a file, by its own flag or by that of RKE2. */
const FLAG = /^(?:[^#\n]*[^\w#\n])?((?:pod-security-)?admission-(?:control-)?config-file)\b/m;

/**
 * Places where a configuration stands that no API server reads as it is, but what makes the
 * cluster does; where there is none at all, flags that name one. None where the settings say the
 * defaults of every cluster.
 */
export function embeddedConfigurations(repository: Repository): readonly EmbeddedConfiguration[] {
  const { tree } = repository;
  if (isSaidForAll(repository)) return [];
  const found: EmbeddedConfiguration[] = [];
  const flags: EmbeddedConfiguration[] = [];
  let isFile = false;
  for (const { path, text, kind, flag } of factsOf(tree, hintsAt)) {
    if (kind !== undefined && locateConfiguration(tree, path) !== undefined) isFile = true;
    else if (kind !== undefined) found.push(toEmbedded(path, text, kind, `a ${kind.text}`));
    else if (flag !== undefined) {
      flags.push(toEmbedded(path, text, flag, `the flag ${flag.text} of an API server`));
    }
  }
  return found.length > 0 || isFile ? found : flags;
}

/** Whether nothing is left to say: each cluster has defaults or exemptions of its own. */
function isSaidForAll({ tree, clusters }: Repository): boolean {
  const written = new Map(writtenClusters(tree).map((cluster) => [cluster.name, cluster]));
  return (
    clusters.length > 0 &&
    clusters.every(({ name, settings }) => {
      const { file, admission } = written.get(name) ?? {};
      return file ?? admission ?? settings.podSecurity.configuration;
    })
  );
}

interface Hint {
  readonly text: string;
  readonly start: number;
}

interface Hints {
  readonly path: string;
  readonly text: string;
  readonly kind: Hint | undefined;
  readonly flag: Hint | undefined;
}

/** Nearly no file has one. */
function hintsAt(tree: FileTree, path: string): Hints[] {
  const [file] = manifestsAt(tree, path);
  if (file === undefined || file.problems.length > 0 || file.skipped !== undefined) return [];
  const content = tree.read(path);
  if (content.state !== 'text') return [];
  const { text } = content;
  // A definition names the kind, too.
  const isOfKind = text.includes('PodSecurity') && !text.includes('CustomResourceDefinition');
  const kind = isOfKind ? find(text, KIND) : undefined;
  const flag = text.includes('config-file') ? find(text, FLAG) : undefined;
  return kind === undefined && flag === undefined ? [] : [{ path, text, kind, flag }];
}

function find(text: string, pattern: RegExp): Hint | undefined {
  const match = pattern.exec(text);
  const [whole, word] = match ?? [];
  if (match === null || whole === undefined || word === undefined) return undefined;
  return { text: word, start: match.index + whole.lastIndexOf(word) };
}

function toEmbedded(
  path: string,
  text: string,
  { text: word, start }: Hint,
  what: string,
): EmbeddedConfiguration {
  const source = new SourceText(path, text);
  return { place: toPlace({ source, start, end: start + word.length }), what };
}
