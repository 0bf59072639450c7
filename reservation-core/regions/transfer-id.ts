/**
 * Names of transfers, in an order that journals are settled by. A region that was rebuilt begins a new generation:
 * `g<rebuild id>:<id>` instead of `<id>`, which comes after all that it had ever sent before. Ids alone would not do:
 * their order is that of the clocks that they were made by.
 */
import { isUuidV7 } from '../../contracts/ids.ts';

const GENERATION_CHARS = 37;

/** Above every name of the generations before, and below every name of its own. */
export function generationOf(rebuildId: string): string {
  return `g${rebuildId}`;
}

/** `mark` is how far the sender's side has settled with this receiver, if it has. */
export function transferIdFor(mark: string | undefined, id: string): string {
  return mark?.startsWith('g') === true ? `${mark.slice(0, GENERATION_CHARS)}:${id}` : id;
}

/** What a rebuild made up itself has no place in the order. */
export function isInOrder(transferId: string): boolean {
  return isUuidV7(transferId.startsWith('g') ? transferId.slice(GENERATION_CHARS + 1) : transferId);
}
