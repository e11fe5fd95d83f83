import { type FieldPath } from '../../model/field-path.ts';
import { decode, type Decoded } from './decoding/decode.ts';
import { goType } from './decoding/go-types.ts';
import { type Pod, type PodTemplate, toPod } from './pod.ts';

/** A value read as a pod. Without `pod` the API server refuses it for its `errors`. */
export interface DecodedPod extends Decoded {
  readonly pod: Pod | undefined;
}

/**
 * Reads a plain JSON value, which is attacker-controlled, as a Pod. Total: never throws. Null is
 * an empty pod, as it is where the API server finds null in place of a template.
 */
export function decodePod(value: unknown): DecodedPod {
  return decodeAs('Pod', value, []);
}

/**
 * Reads a plain JSON value as the pod template of some object.
 *
 * @param path where the template stands in its object
 */
export function decodePodTemplate(value: unknown, path: FieldPath): DecodedPod {
  return decodeAs('PodTemplateSpec', value, path);
}

function decodeAs(type: string, value: unknown, path: FieldPath): DecodedPod {
  const decoded = decode(value, goType(type), path);
  const { errors, unknownFields, unknowns } = decoded;
  const pod =
    errors.length === 0
      ? toPod(path, value as PodTemplate | null | undefined, unknowns)
      : undefined;
  return { pod, errors, unknownFields, unknowns };
}
