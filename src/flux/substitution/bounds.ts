/** More than any cluster takes as one object (the API server's limit is 3 MB). */
const MAX_BYTES = 8 * 1024 * 1024;

/** Steps of matching patterns; a few large ones would keep Flux busy for hours. */
const MAX_STEPS = 10_000_000;

/** Says which bound was reached. */
export class BoundReached extends Error {}

/** What one object may cost: everything in it, and the values, may come from an attacker. */
export class Bounds {
  #steps = 0;
  #made = 0;

  /** Counts one step of matching. */
  step(): void {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new BoundReached('its patterns take too long to match');
  }

  /** Counts what was made. */
  make(bytes: number): void {
    this.#made += bytes;
    this.expect(0);
  }

  /** Stops before something is made that would be too much. */
  expect(bytes: number): void {
    if (this.#made + bytes > MAX_BYTES) {
      throw new BoundReached(`it grows beyond ${MAX_BYTES} bytes`);
    }
  }
}
