import type { FieldPath } from '../../../model/field-path.ts';
import type { Located, LocatedMap } from '../../../model/located.ts';

/** A value that plainly asks for privilege. */
export interface Privilege {
  readonly path: FieldPath;
  readonly what: string;
}

const HOST_FIELDS = ['hostNetwork', 'hostPID', 'hostIPC'];

/** What a value asks for, at any depth. @param path of the value */
export function privilegesIn(node: Located, path: FieldPath): Privilege[] {
  return [...privileges(node, path, path.some(isContextName))];
}

/**
 * What a value asks for that is put at a path of steps, as a JSON patch or `targetPath` does.
 *
 * @param value the text of a value from elsewhere is as good as the value
 */
export function privilegesAt(
  steps: readonly string[],
  node: Located,
  path: FieldPath,
): Privilege[] {
  const last = steps.at(-1) ?? '';
  const isTrue = isScalar(node, true) || isScalar(node, 'true');
  const isContext = steps.some(isContextName);
  const at = (what: string): Privilege[] => [{ path, what }];
  if (HOST_FIELDS.includes(last) && isTrue) return at(last);
  if (steps.some((step, index) => step === 'capabilities' && steps[index + 1] === 'add')) {
    return at('more capabilities');
  }
  if (last === 'hostPath' || steps.at(-2) === 'hostPath') return at('a hostPath volume');
  if (isContext && ['privileged', 'allowPrivilegeEscalation'].includes(last) && isTrue) {
    return at(last);
  }
  const isRoot = isScalar(node, 0) || isScalar(node, '0');
  if (isContext && last === 'runAsUser' && isRoot) return at('user 0 (root)');
  // `capabilities: {add: [...]}` stands in a context of its own.
  const added = last === 'capabilities' && node.kind === 'map' ? addedIn(node) : 0;
  if (added > 0) return at('more capabilities');
  return [...privileges(node, path, isContext)];
}

function isContextName(step: string | number): boolean {
  return typeof step === 'string' && /securityContext$/i.test(step);
}

function* privileges(node: Located, path: FieldPath, isContext: boolean): Generator<Privilege> {
  if (node.kind === 'scalar') return;
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      yield* privileges(item, [...path, index], isContext);
    }
    return;
  }
  if (isContext || isPodShaped(node)) yield* ofContext(node, path);
  for (const { key, value } of node.entries) {
    const here = [...path, key];
    if (HOST_FIELDS.includes(key) && isScalar(value, true)) yield { path: here, what: key };
    if (key === 'hostPath' && value.kind === 'map' && value.entry('path')) {
      yield { path: here, what: 'a hostPath volume' };
    }
    if (key === 'type' && isScalar(value, 'hostPath'))
      yield { path: here, what: 'a hostPath volume' };
    // Charts keep several in one: `securityContext: {pod: {…}, container: {…}}`.
    yield* privileges(value, here, isContext || isContextName(key));
  }
}

/** Whether a map looks like a pod or a container: charts keep a context's fields beside the image. */
function isPodShaped(node: LocatedMap): boolean {
  return ['image', 'containers', 'initContainers'].some((field) => node.entry(field) !== undefined);
}

function* ofContext(context: LocatedMap, path: FieldPath): Generator<Privilege> {
  for (const field of ['privileged', 'allowPrivilegeEscalation']) {
    if (isScalar(context.get(field), true)) yield { path: [...path, field], what: field };
  }
  if (isScalar(context.get('runAsUser'), 0))
    yield { path: [...path, 'runAsUser'], what: 'user 0 (root)' };
  const capabilities = context.map('capabilities');
  if (capabilities && addedIn(capabilities) > 0)
    yield { path: [...path, 'capabilities', 'add'], what: 'more capabilities' };
}

function addedIn(capabilities: LocatedMap): number {
  return capabilities.list('add')?.items.length ?? 0;
}

function isScalar(node: Located | undefined, value: string | number | boolean): boolean {
  return node?.kind === 'scalar' && node.value === value;
}
