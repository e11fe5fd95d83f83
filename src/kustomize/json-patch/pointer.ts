/** The steps of a JSON pointer as the patch library reads it: what stands before the first `/` is dropped. */
export function parsePointer(pointer: string): string[] | undefined {
  const [, ...steps] = pointer.split('/');
  return steps.length === 0 ? undefined : steps.map(decodeStep);
}

function decodeStep(step: string): string {
  return step.replace(/~[01]/g, (escape) => (escape === '~1' ? '/' : '~'));
}

/** A list index as Go's Atoi reads it: `+1` and `01` count, and negative ones. */
export function parseIndex(step: string): number | undefined {
  return /^[+-]?[0-9]{1,15}$/.test(step) ? Number(step) : undefined;
}
