import { CONTAINER_LISTS, type ContainerList, type PodTemplate } from './pod.ts';

/**
 * Whether admission judges an update of a pod: when containers or init containers were added or
 * removed, an image changed, or an ephemeral container is new. Nothing else of a pod can change
 * that matters, metadata and its annotations included.
 */
export function isJudgedUpdate(after: PodTemplate, before: PodTemplate): boolean {
  return CONTAINER_LISTS.some((list) => {
    const now = imagesOf(after, list);
    const old = imagesOf(before, list);
    if (list === 'ephemeralContainers') {
      return now.some(({ name, image }) => old.find((o) => o.name === name)?.image !== image);
    }
    return now.length !== old.length || now.some(({ image }, at) => image !== old[at]?.image);
  });
}

function imagesOf({ spec }: PodTemplate, list: ContainerList): { name: string; image: string }[] {
  return (spec?.[list] ?? []).map((container) => ({
    name: container?.name ?? '',
    image: container?.image ?? '',
  }));
}
