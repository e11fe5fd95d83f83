import type { Located } from '../model/located.ts';
import type { SourceText } from '../model/source.ts';
import { FORBIDDEN } from './go-yaml/characters.ts';
import { ReadFailure } from './go-yaml/cursor.ts';
import { decode } from './go-yaml/decode.ts';
import { parseDocument } from './go-yaml/parser.ts';

export type GoReading =
  | { readonly root: Located | undefined }
  | {
      /** In go-yaml's own words (`yaml: line 3: mapping values are not allowed in this context`). */
      readonly message: string;
      /** Offset in the text where it was noticed. */
      readonly offset: number;
    };

/**
 * Reads the first document of a text exactly as `sigs.k8s.io/yaml` reads YAML on its way to JSON
 * (go-yaml v2: YAML 1.1), with its error texts. Slower than `parseYaml`, which comes close to it,
 * and meant for texts that no person wrote and every oddity of which counts. The text may be
 * hostile; work and memory are bound by its length.
 *
 * @returns no root where the text holds no document
 */
export function readAsGo(source: SourceText): GoReading {
  const forbidden = FORBIDDEN.exec(source.text);
  if (forbidden !== null) {
    return { message: 'yaml: control characters are not allowed', offset: forbidden.index };
  }
  try {
    const document = parseDocument(source.text);
    return { root: document && decode(document, source) };
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    return { message: error.message, offset: error.offset };
  }
}
