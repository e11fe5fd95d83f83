import type { Pod, PodContainer } from '../pod.ts';
import type { Offence, Violation } from './check.ts';
import { containersText, holderName, placeOf, valuesText } from './offences.ts';

/** The half of both capability checks that looks at `securityContext.capabilities.add`. */

const NONE: readonly Offence[] = [];

/** One offence for each added capability that is not allowed. */
export function findAdded({ containers }: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  let offences: Offence[] | undefined;
  for (const container of containers) {
    const add = container.value.securityContext?.capabilities?.add;
    if (!add) continue;
    for (let index = 0; index < add.length; index += 1) {
      const value = add[index] ?? '';
      if (!allowed.has(value)) (offences ??= []).push(added(container, index, value));
    }
  }
  return offences ?? NONE;
}

function added(container: PodContainer, index: number, value: string): Offence {
  const field = ['securityContext', 'capabilities', 'add', index];
  return { container, field, value, missing: false };
}

/** `container "a" must not include "NET_RAW" in securityContext.capabilities.add`. */
export function addedText(offences: readonly Offence[]): string {
  return `${containersText(offences)} must not include ${valuesText(offences)} in securityContext.capabilities.add`;
}

export function explainAdded(offence: Offence, pod: Pod, allowed: ReadonlySet<string>): Violation {
  const place = placeOf(offence, pod);
  const capability = offence.value;
  const adds = `${holderName(offence)} adds the capability "${capability}"`;
  const meant = capability.toUpperCase().replace(/^CAP_/, '');
  if (allowed.has(meant)) {
    return {
      ...place,
      message: `${adds}; it counts only when spelled ${meant}.`,
      fix: [{ path: place.path, set: meant }],
    };
  }
  return {
    ...place,
    message: `${adds}; allowed ${allowed.size === 1 ? 'is' : 'are'} ${[...allowed].join(', ')}.`,
    fix: [{ path: place.path, remove: true }],
    caution: `A program that needs ${capability || 'it'} fails at what it needed it for; change the image to do without, or run the pod in a namespace of its own that allows it.`,
  };
}
