let last = 0;
const identities = new WeakMap<object, number>();

/** A number that only this very object has: immutable values are told apart without reading them. */
export function identityOf(object: object): number {
  let identity = identities.get(object);
  if (identity === undefined) {
    last += 1;
    identity = last;
    identities.set(object, identity);
  }
  return identity;
}
