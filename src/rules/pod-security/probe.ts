import type { FieldPath } from '../../model/field-path.ts';
import type { UnknownField } from './decoding/decode.ts';
import { CONTAINER_LISTS, type Pod, toPod } from './pod.ts';

/** A pod that tells which of its unknown values a check has read. */
export interface Probe {
  /** Unknown values read as absent, or as an allowed value where absent would be refused. */
  readonly pod: Pod;
  /** Grows as checks read; to be cleared between them. */
  readonly read: Set<UnknownField>;
}

const probes = new WeakMap<Pod, Probe>();

/** The probe of a pod. One for all its checks. */
export function probeOf(pod: Pod): Probe {
  const known = probes.get(pod);
  if (known) return known;
  const probe = makeProbe(pod);
  probes.set(pod, probe);
  return probe;
}

/** A map or a list of the copied template. */
type Branch = Record<string | number, unknown>;

interface Planting {
  readonly read: Set<UnknownField>;
  /** Copies of maps and lists on the way to unknown values, by what they are copies of. */
  readonly copies: Map<unknown, Branch>;
  /** The unknown items of a copied list. */
  readonly items: Map<unknown, UnknownField[]>;
  /** What stands for unknown maps. */
  readonly maps: Map<unknown, UnknownField>;
}

function makeProbe(pod: Pod): Probe {
  const planting: Planting = {
    read: new Set(),
    copies: new Map(),
    items: new Map(),
    maps: new Map(),
  };
  const template = copyOf(pod.template ?? {}, planting);
  for (const field of pod.unknowns) {
    plant(template, field.path, field, planting);
  }
  const probed = toPod(pod.places, template, pod.unknowns);
  watchNames(probed.containers, pod, planting);
  return { pod: { ...probed, writtenAnnotations: pod.writtenAnnotations }, read: planting.read };
}

/** Puts in place of an unknown value what notes its reading. */
function plant(template: Branch, path: FieldPath, field: UnknownField, planting: Planting): void {
  const [first, second, third] = path;
  if (first === undefined) {
    plant(template, ['metadata'], field, planting);
    plant(template, ['spec'], field, planting);
  } else if (first === 'metadata' && second === undefined) {
    put(template, 'metadata', { annotations: unknownMap(field, planting) });
  } else if (first === 'metadata' && second === 'annotations' && third === undefined) {
    put(copyInto(template, 'metadata', planting), 'annotations', unknownMap(field, planting));
  } else if (first === 'spec' && second === undefined) {
    put(template, 'spec', unknownSpec(field, planting));
  } else if (first === 'spec' && isItemList(second) && path.length <= 3) {
    plantItem(copyInto(template, 'spec', planting), String(second), third, field, planting);
  } else if (path.length > 1) {
    // What stands beside metadata and spec (kind, status) is read by no check.
    plantDeep(template, path, field, planting);
  }
}

function isItemList(name: string | number | undefined): boolean {
  return name === 'volumes' || CONTAINER_LISTS.some((list) => list === name);
}

/** An unknown container or volume, or an unknown list of them: at least one item of any kind. */
function plantItem(
  spec: Branch,
  list: string,
  index: string | number | undefined,
  field: UnknownField,
  planting: Planting,
): void {
  const item = unknownMap(field, planting);
  if (index === undefined) put(spec, list, [item]);
  else put(copyInto(spec, list, planting), index, item);
}

function plantDeep(
  template: Branch,
  path: FieldPath,
  field: UnknownField,
  planting: Planting,
): void {
  let holder = template;
  for (const step of path.slice(0, -2)) holder = copyInto(holder, step, planting);
  const [key = '', last = ''] = path.slice(-2);
  const inner = copyInto(holder, key, planting);
  const substitute = substituteFor(path);
  if (typeof last === 'number') {
    put(inner, last, substitute);
    watchItems(holder, key, inner, field, planting);
  } else {
    watch(inner, last, substitute, () => planting.read.add(field));
  }
}

/** Reading a list counts as reading each of its unknown items. */
function watchItems(
  holder: Branch,
  key: string | number,
  list: Branch,
  field: UnknownField,
  { items, read }: Planting,
): void {
  const fields = items.get(list);
  if (fields) {
    fields.push(field);
    return;
  }
  const own = [field];
  items.set(list, own);
  watch(holder, key, list, () => {
    for (const item of own) read.add(item);
  });
}

/** A check may look something up by the name of a container. */
function watchNames(
  containers: Pod['containers'],
  { unknowns }: Pod,
  { read, maps }: Planting,
): void {
  for (const container of containers) {
    const whole = maps.get(container.value);
    if (whole) watch(container, 'name', whole.unknown.text, () => read.add(whole));
  }
  for (const field of unknowns) {
    const [spec, list, index, name, ...more] = field.path;
    if (spec !== 'spec' || name !== 'name' || more.length > 0) continue;
    const container = containers.find((item) => item.list === list && item.index === index);
    if (container) watch(container, 'name', field.unknown.text, () => read.add(field));
  }
}

const SAFE_SYSCTL = 'kernel.shm_rmid_forced';

/** By the end of the path: what no check refuses, where an absent value would be refused. */
function substituteFor(path: FieldPath): unknown {
  const [parent, holder, last] = path.slice(-3);
  if (path[0] === 'metadata' && path[1] === 'annotations') return 'runtime/default';
  if (last === 'type' && (holder === 'seccompProfile' || holder === 'appArmorProfile')) {
    return 'RuntimeDefault';
  }
  if (last === 'name' && parent === 'sysctls') return SAFE_SYSCTL;
  if (typeof last !== 'number') return undefined;
  if (holder === 'sysctls') return { name: SAFE_SYSCTL };
  return holder === 'add' ? 'NET_BIND_SERVICE' : null;
}

/** A map of which nothing is known: reading anything of it is reading the unknown value. */
function unknownMap(field: UnknownField, { read, maps }: Planting): object {
  const map = new Proxy(
    {},
    {
      get: () => void read.add(field),
      getOwnPropertyDescriptor: () => void read.add(field),
      ownKeys() {
        read.add(field);
        return [];
      },
    },
  );
  maps.set(map, field);
  return map;
}

function unknownSpec(field: UnknownField, planting: Planting): object {
  return new Proxy(
    {},
    {
      get(_, name) {
        if (typeof name === 'string' && isItemList(name)) return [unknownMap(field, planting)];
        planting.read.add(field);
        return undefined;
      },
    },
  );
}

function copyOf(value: object, { copies }: Planting): Branch {
  const known = copies.get(value);
  if (known) return known;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Branch;
  copies.set(value, copy);
  // A copy stands for itself, should the next path come by here again.
  copies.set(copy, copy);
  return copy;
}

function copyInto(holder: Branch, step: string | number, planting: Planting): Branch {
  const inner = holder[step];
  const copy = copyOf(typeof inner === 'object' && inner !== null ? inner : {}, planting);
  const descriptor = Object.getOwnPropertyDescriptor(holder, step);
  if (descriptor?.get === undefined) put(holder, step, copy);
  return copy;
}

/** Never by assignment: a key from the manifest may be `__proto__`. */
function put(holder: object, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function watch(holder: object, key: string | number, value: unknown, onRead: () => void): void {
  Object.defineProperty(holder, key, {
    get() {
      onRead();
      return value;
    },
    enumerable: true,
    configurable: true,
  });
}
