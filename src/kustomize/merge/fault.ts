/** A patch that does not fit the object; caught where the merge was asked for. */
export class MergeFault extends Error {
  override readonly name = 'MergeFault';
}
