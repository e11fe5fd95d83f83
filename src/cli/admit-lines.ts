import { isMap } from '../model/plain-map.ts';
import { denialText } from '../rules/pod-security/admission-text.ts';
import { decodePod } from '../rules/pod-security/decode-pod.ts';
import { decodeRefusal, printedError } from '../rules/pod-security/decoding/decode-error.ts';
import { applyDefaults, type Defaulting } from '../rules/pod-security/defaulting.ts';
import { evaluatePod, forbiddenBy } from '../rules/pod-security/evaluate.ts';
import { isLevel, type Level } from '../rules/pod-security/level.ts';
import { parseVersion } from '../rules/pod-security/version.ts';

/** What a line is held to where it does not say itself. */
export interface LineDefaults {
  readonly level: Level | undefined;
  readonly version: string;
  readonly defaulting: Defaulting;
}

export type LineAnswer =
  | {
      readonly allowed: boolean;
      /** Ids of the checks that forbid, in the order of the text. */
      readonly checks: readonly string[];
      /** What enforce says; empty when it is allowed. */
      readonly message: string;
    }
  | { readonly error: string };

/** Judges one line `{level, version, pod}`. Never throws, whatever the line holds. */
export function admitLine(line: string, defaults: LineDefaults): LineAnswer {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { error: 'the line is not JSON' };
  }
  if (!isMap(value)) return { error: 'the line is not an object {level, version, pod}' };
  const { level = defaults.level, version = defaults.version, pod } = value;
  if (typeof level !== 'string' || !isLevel(level)) {
    return { error: 'level must be one of privileged, baseline, restricted' };
  }
  const parsed = typeof version === 'string' ? parseVersion(version) : undefined;
  if (parsed === undefined) return { error: 'version must be "latest" or "v1.x"' };
  if (!isMap(pod)) return { error: 'pod must be an object' };
  return judge(pod, { level, version: parsed }, defaults.defaulting);
}

function judge(
  value: unknown,
  policy: Parameters<typeof evaluatePod>[1],
  defaulting: Defaulting,
): LineAnswer {
  const { pod, errors } = decodePod(value);
  const error = printedError(errors);
  if (pod === undefined || error !== undefined) {
    const message = error ? decodeRefusal('Pod', 'v1', error) : 'the pod cannot be read';
    return { allowed: false, checks: [], message };
  }
  const evaluation = evaluatePod(applyDefaults(pod, defaulting, { object: 'pod' }), policy);
  if (evaluation.verdict === 'allowed') return { allowed: true, checks: [], message: '' };
  return {
    allowed: false,
    checks: forbiddenBy(evaluation).map(({ check }) => check.id),
    message: denialText(evaluation),
  };
}
