/** What a draw does to the line of its drop, step by step; each step can be done again. */
import { type LineDrawCloseReply, lineDrawClose } from './generated/line-draw-close.ts';
import { type LineDrawOpenReply, lineDrawOpen } from './generated/line-draw-open.ts';
import { type LineDrawPlaceReply, type LineDrawPlaceRow, lineDrawPlace } from './generated/line-draw-place.ts';
import { type LineDrawRootReply, lineDrawRoot } from './generated/line-draw-root.ts';
import type { Keys } from './keys.ts';
import type { Shards } from './shards.ts';

export interface Draw {
  /** Makes the list of entrants final, once the lobby is over. */
  close(dropId: string, nowMs: number): Promise<LineDrawCloseReply>;
  /** Records of the list, in the order of joining: entrant|lane|shopper|nonce, as bytes. */
  entrants(dropId: string, from: number, count: number): Promise<Buffer[]>;
  /** For the edges to tell everybody, before anybody can compute the draw. */
  tellRoot(dropId: string, root: string): Promise<LineDrawRootReply>;
  place(dropId: string, rows: readonly LineDrawPlaceRow[]): Promise<LineDrawPlaceReply[]>;
  /** From here on the line moves. */
  open(dropId: string): Promise<LineDrawOpenReply>;
}

export function createDraw({ shards, keys }: { readonly shards: Shards; readonly keys: Keys }): Draw {
  const { scripts, redis } = shards.home;
  return {
    close: (dropId, nowMs) => lineDrawClose(scripts, keys.line(dropId), { nowMs }),
    entrants: (dropId, from, count) => redis.lrangeBuffer(keys.line(dropId).entrants, from, from + count - 1),
    tellRoot: (dropId, root) => lineDrawRoot(scripts, keys.line(dropId), { root }),
    place: (dropId, rows) => lineDrawPlace(scripts, keys.line(dropId), rows),
    open: (dropId) => lineDrawOpen(scripts, keys.line(dropId)),
  };
}
