import type { LocatedMap } from '../../model/located.ts';
import { type PrintedLine, printObject } from './print.ts';

/** Objects as one YAML text, as `kustomize build` prints them. */
export function renderYaml(resources: readonly { readonly root: LocatedMap }[]): string {
  return resources
    .map(({ root }) => `${printObject(root).map(lineText).join('\n')}\n`)
    .join('---\n');
}

function lineText({ text }: PrintedLine): string {
  return text;
}
