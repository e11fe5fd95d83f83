import type { PodContainer } from '../pod.ts';

/** Ports that a program without rights may not listen on, unless the node or a sysctl allows it. */
const FIRST_FREE_PORT = 1024;

/**
 * A sentence about containers that say they listen on a low port; empty where none does.
 * What a container declares is no proof: programs may listen on others.
 */
export function lowPortsText(containers: readonly PodContainer[]): string {
  const listening = containers.flatMap(({ name, value }) => {
    const ports = (value.ports ?? [])
      .map((port) => port?.containerPort)
      .filter((port) => typeof port === 'number' && port > 0 && port < FIRST_FREE_PORT);
    return ports.length === 0 ? [] : `container "${name}" declares port ${ports.join(', ')}`;
  });
  const [first, ...others] = listening;
  if (first === undefined) return '';
  const named = [first, ...others.slice(0, 2)].join(', ');
  const rest = others.length > 2 ? ` and ${others.length - 2} more` : '';
  return ` Here ${named}${rest}: let the image listen on a high port, and the Service map it.`;
}
