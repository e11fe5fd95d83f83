import { type Event, parseEvents, YAMLException } from 'js-yaml';

import type { Located } from '../model/located.ts';
import type { SourceText } from '../model/source.ts';
import { Composer } from './compose.ts';
import type { YamlProblem } from './problem.ts';
import { repair, type Repaired } from './repair.ts';
import type { ScalarRules } from './scalar.ts';

/**
 * Who reads the text, which decides what it means:
 *
 * - `kustomize`: a resource inside a kustomize build
 * - `kustomization`: a kustomization file itself
 * - `kubernetes`: a manifest given to the API server alone
 * - `kubernetes-strict`: a file that configures the API server itself
 */
export type Dialect = 'kustomize' | 'kustomization' | 'kubernetes' | 'kubernetes-strict';

export interface DialectRules {
  readonly scalars: ScalarRules;
  /** What a key that stands twice in a map does. */
  readonly duplicates: 'refused' | 'last-wins';
  /** Whether the reader prints what it read and reads it again, which changes some texts. */
  readonly printedAgain: boolean;
  /** Whether a key such as `8080` or `true` without quotes is refused; else its text is the key. */
  readonly textKeysOnly: boolean;
}

const DIALECTS: Record<Dialect, DialectRules> = {
  kustomize: {
    scalars: 'go-yaml-v3',
    duplicates: 'refused',
    printedAgain: true,
    textKeysOnly: true,
  },
  kustomization: {
    scalars: 'go-yaml-v2',
    duplicates: 'last-wins',
    printedAgain: false,
    textKeysOnly: false,
  },
  kubernetes: {
    scalars: 'go-yaml-v2',
    duplicates: 'last-wins',
    printedAgain: false,
    textKeysOnly: false,
  },
  'kubernetes-strict': {
    scalars: 'go-yaml-v2',
    duplicates: 'refused',
    printedAgain: false,
    textKeysOnly: false,
  },
};

/** Larger texts are refused before they are read (the API server's own limit is 3 MB an object). */
export const MAX_TEXT_LENGTH = 32 * 1024 * 1024;

/** Deeper nesting than any manifest; the real readers stop at 10,000, our stack earlier. */
const MAX_DEPTH = 1000;

export interface ParsedText {
  readonly source: SourceText;
  /** The documents that hold something. Empty when there is any problem. */
  readonly documents: readonly Located[];
  readonly problems: readonly YamlProblem[];
}

/**
 * Reads a text of one or more YAML documents into located values, as its reader in the cluster
 * would. Never throws: what is wrong with the text comes back as problems with their offsets.
 */
export function parseYaml(source: SourceText, dialect: Dialect): ParsedText {
  const { text } = source;
  if (text.length > MAX_TEXT_LENGTH) {
    return broken(source, { code: 'too-large', message: tooLarge(text.length), start: 0 });
  }
  const separator = dialect === 'kustomize' ? findBadSeparator(text) : undefined;
  if (separator !== undefined) return broken(source, separator);
  const repaired = readEvents(text);
  if ('message' in repaired) return broken(source, repaired);
  const composer = new Composer(source, repaired, DIALECTS[dialect]);
  const documents = composer.compose();
  return composer.problems.length > 0
    ? { source, documents: [], problems: composer.problems }
    : { source, documents, problems: [] };
}

/** Events of a text, and how their offsets map to it. */
export interface EventStream {
  readonly events: readonly Event[];
  /** The text that the events' offsets are of: the source's, or the source's with repairs. */
  readonly text: string;
  /** Maps an offset of `text` to the source. */
  readonly toSource: (offset: number) => number;
}

interface TextFault {
  readonly code: YamlProblem['code'];
  readonly message: string;
  readonly start: number;
}

/**
 * The parser is stricter than the real readers in a few places; what they accept is rewritten,
 * one fault at a time, until it is accepted here too or no repair is known.
 */
function readEvents(text: string): EventStream | TextFault {
  let current: Repaired = { text, toSource: (offset) => offset, repairs: 0 };
  for (;;) {
    try {
      return { ...current, events: parseEvents(current.text, { maxDepth: MAX_DEPTH }) };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const offset = Math.min(error.mark?.position ?? 0, current.text.length);
      const repaired = repair(current, error.reason, offset);
      if (repaired === undefined) {
        return { ...wordSyntaxError(error.reason), start: current.toSource(offset) };
      }
      current = repaired;
    }
  }
}

function wordSyntaxError(reason: string): Pick<TextFault, 'code' | 'message'> {
  if (reason.startsWith('nesting exceeded')) {
    return { code: 'too-deep', message: `Values are nested more than ${MAX_DEPTH} levels deep.` };
  }
  return { code: 'syntax', message: `This is not valid YAML: ${reason}.` };
}

function tooLarge(length: number): string {
  return `The text has ${length} characters, more than the ${MAX_TEXT_LENGTH} that are read.`;
}

/**
 * Kustomize cuts a file at every line that starts with `---` and refuses content after it on the
 * same line (kyaml `kio/byteio_reader.go`).
 */
function findBadSeparator(text: string): TextFault | undefined {
  for (let at = text.indexOf('\n---'); at !== -1; at = text.indexOf('\n---', at + 1)) {
    const lineEnd = text.indexOf('\n', at + 1);
    if (lineEnd === -1) return undefined;
    const rest = text.slice(at + 4, lineEnd).trim();
    if (rest !== '' && !rest.startsWith('#')) {
      return {
        code: 'bad-separator',
        message: 'A line that starts with --- separates documents and may hold nothing else.',
        start: at + 1,
      };
    }
  }
  return undefined;
}

function broken(source: SourceText, fault: TextFault): ParsedText {
  const end = Math.min(fault.start + 1, source.text.length);
  return { source, documents: [], problems: [{ ...fault, source, end }] };
}
