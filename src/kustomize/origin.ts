import { LocatedMap } from '../model/located.ts';
import { SourceText } from '../model/source.ts';
import type { BuildContext } from './context.ts';
import { type Draft, withRoot } from './draft.ts';
import { replaceField } from './fields.ts';
import { cleanRelative } from './paths.ts';
import { printObject } from './print/print.ts';
import { textOf, write } from './scalar.ts';
import { writerAt } from './transform.ts';
import { textAnnotations } from './transformers/apply-json-patch.ts';

const ORIGIN = 'config.kubernetes.io/origin';
const TRANSFORMATIONS = 'alpha.config.kubernetes.io/transformations';

/** The object or the field of a kustomization that made or changed an object. */
export interface Configurer {
  /** The file, relative to the outermost kustomization. */
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Where the build stands, for the annotations that `buildMetadata` asks for. */
export class Origin {
  /** Relative to the outermost kustomization. */
  readonly path: string;
  readonly marksTransformers: boolean;

  constructor(path: string, marksTransformers: boolean) {
    this.path = path;
    this.marksTransformers = marksTransformers;
  }

  below(path: string): Origin {
    return new Origin(cleanRelative(`${this.path}/${path}`), this.marksTransformers);
  }

  /** Tells memoised parts of builds apart. */
  get key(): string {
    return `${this.path} ${this.marksTransformers}`;
  }

  /** A field of the kustomization here as the maker of objects. */
  builtIn(fileName: string, kind: string): Configurer {
    return { file: this.below(fileName).path, apiVersion: 'builtin', kind };
  }
}

/** Notes at objects which file they came from. */
export function markOrigin(
  context: BuildContext,
  drafts: readonly Draft[],
  origin: Origin | undefined,
  path: string,
): readonly Draft[] {
  if (origin === undefined) return drafts;
  const text = printField('path', origin.below(path).path);
  return drafts.map((draft) => annotate(context, draft, ORIGIN, text));
}

/** Notes at generated objects what made them, unless they say so already. */
export function markGenerated(
  context: BuildContext,
  draft: Draft,
  by: Configurer | undefined,
): Draft {
  if (by === undefined || annotationOf(draft, ORIGIN) !== undefined) return draft;
  return annotate(context, draft, ORIGIN, printConfigurer(by));
}

/** The object with the origin of the one that it was merged with, where that one has any. */
export function keepOrigin(context: BuildContext, draft: Draft, old: Draft): Draft {
  const origin = annotationOf(old, ORIGIN);
  return origin === undefined ? draft : annotate(context, draft, ORIGIN, origin);
}

/** Notes at all objects that a transformer has run. */
export function markTransformed(
  context: BuildContext,
  drafts: readonly Draft[],
  by: Configurer | undefined,
): readonly Draft[] {
  if (by === undefined) return drafts;
  const text = printConfigurer(by);
  const item = `- ${text.replace(/\n(?=.)/g, '\n  ')}`;
  return drafts.map((draft) =>
    annotationOf(draft, ORIGIN) === undefined
      ? annotate(context, draft, ORIGIN, text)
      : annotate(
          context,
          draft,
          TRANSFORMATIONS,
          (annotationOf(draft, TRANSFORMATIONS) ?? '') + item,
        ),
  );
}

/**
 * The object without the annotations that nobody asked for; they may come from files, too. In
 * taking them out kustomize writes all annotations again as texts, and empty ones go.
 */
export function dropOrigins(root: LocatedMap, asked: readonly string[]): LocatedMap {
  const unwanted = [
    ...(asked.includes('originAnnotations') ? [] : [ORIGIN]),
    ...(asked.includes('transformerAnnotations') ? [] : [TRANSFORMATIONS]),
  ];
  if (unwanted.length === 0) return root;
  const metadata = root.map('metadata');
  const annotations = metadata?.map('annotations');
  if (!metadata || !annotations) return textAnnotations(root);
  const rest = unwanted.reduce((left, key) => left.without(key), annotations);
  return textAnnotations(
    rest === annotations
      ? root
      : replaceField(root, 'metadata', replaceField(metadata, 'annotations', rest)),
  );
}

function annotationOf({ root }: Draft, key: string): string | undefined {
  const value = root.map('metadata')?.map('annotations')?.get(key);
  return value && textOf(value);
}

function annotate(context: BuildContext, draft: Draft, key: string, text: string): Draft {
  const { root } = draft;
  const metadata = root.map('metadata') ?? new LocatedMap([], root);
  const annotations = metadata.map('annotations') ?? new LocatedMap([], metadata);
  const value = write(text, writerAt(root, 'buildMetadata'), annotations.get(key));
  const marked = replaceField(metadata, 'annotations', replaceField(annotations, key, value));
  return withRoot(draft, replaceField(root, 'metadata', marked), context.schemas);
}

function printConfigurer({ file, apiVersion, kind, name, namespace }: Configurer): string {
  const fields = [
    printField('apiVersion', apiVersion),
    printField('kind', kind),
    ...(name ? [printField('name', name)] : []),
    ...(namespace ? [printField('namespace', namespace)] : []),
  ];
  const nested = fields.map((field) => `  ${field}`).join('');
  return `${printField('configuredIn', file)}configuredBy:\n${nested}`;
}

const NOWHERE = writerAt({ source: new SourceText('', ''), start: 0, end: 0 }, 'buildMetadata');

function printField(name: string, text: string): string {
  const value = write(text, NOWHERE);
  const entry = { key: name, keyStart: 0, keyEnd: 0, value };
  return printObject(new LocatedMap([entry], value))
    .map((line) => `${line.text}\n`)
    .join('');
}
