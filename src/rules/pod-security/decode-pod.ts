import { decode, type Decoded } from './decoding/decode.ts';
import { goType } from './decoding/go-types.ts';
import { inObject, type Pod, type PodPlaces, type PodTemplate, templateAt, toPod } from './pod.ts';

/** A value read as a pod. Without `pod` the API server refuses it for its `errors`. */
export interface DecodedPod extends Decoded {
  readonly pod: Pod | undefined;
}

/**
 * Reads a plain JSON value, which is attacker-controlled, as a Pod. Total: never throws. Null is
 * an empty pod, as it is where the API server finds null in place of a template.
 */
export function decodePod(value: unknown): DecodedPod {
  const { errors, unknownFields, unknowns } = decode(value, POD);
  return { errors, unknownFields, unknowns, pod: podOf(value, errors, unknowns, ROOT) };
}

const POD = goType('Pod');
const POD_TEMPLATE = goType('PodTemplateSpec');
const ROOT = templateAt([]);

/**
 * Reads a plain JSON value as the pod template of an object.
 *
 * @param places where it stands in the object; all paths of the result are of the object
 */
export function decodePodTemplate(value: unknown, places: PodPlaces): DecodedPod {
  const { errors, unknownFields, unknowns } = decode(value, POD_TEMPLATE);
  return {
    errors: errors.map((error) => ({ ...error, path: inObject({ places }, error.path) })),
    unknownFields: unknownFields.map((path) => inObject({ places }, path)),
    unknowns: unknowns.map((field) => ({ ...field, path: inObject({ places }, field.path) })),
    pod: podOf(value, errors, unknowns, places),
  };
}

function podOf(
  value: unknown,
  errors: Decoded['errors'],
  unknowns: Decoded['unknowns'],
  places: PodPlaces,
): Pod | undefined {
  // Proven by decode just before.
  const template = value as PodTemplate | null | undefined;
  return errors.length === 0 ? toPod(places, template, unknowns) : undefined;
}
