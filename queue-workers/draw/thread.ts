/** What the pool calls in its thread: the results leave by transfer, so that nothing of a draw is copied on its way. */
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { computeDraw, type DrawTask, type SortTask, sortEntrants } from './compute.ts';

export function sort(task: SortTask): unknown {
  const value = sortEntrants(task);
  const { list, shoppers, entrantRoots } = value;
  return moved(value, [
    ...[list.ids.buffer, list.lanes.buffer, list.nonces.buffer, list.nonceEnds.buffer],
    ...[shoppers.bytes.buffer, shoppers.ends.buffer, entrantRoots.buffer],
  ]);
}

export function draw(task: DrawTask): unknown {
  const value = computeDraw(task);
  return moved(value, [value.places.buffer, value.placeRoots.buffer, ...value.chunks.map((chunk) => chunk.buffer)]);
}

function moved(value: object, buffers: readonly ArrayBuffer[]): unknown {
  return move({ [transferableSymbol]: buffers, [valueSymbol]: value });
}
