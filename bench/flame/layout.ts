/** Where each frame is drawn: below its caller, as wide as its time. */
import type { Frame } from './stacks.ts';

export interface Box {
  readonly frame: Frame;
  /** Of the whole width, from 0 to 1. */
  readonly left: number;
  readonly width: number;
  readonly depth: number;
}

export interface Layout {
  readonly boxes: readonly Box[];
  readonly depth: number;
  /** Frames narrower than that are left out: nobody could see them. */
  readonly leastShare: number;
}

const MOST_BOXES = 6_000;
const LEAST_SHARE = 0.0005;

export function layOut(all: Frame): Layout {
  let leastShare = LEAST_SHARE;
  let boxes = boxesOf(all, leastShare);
  while (boxes.length > MOST_BOXES) {
    leastShare *= 2;
    boxes = boxesOf(all, leastShare);
  }
  return { boxes, depth: boxes.reduce((most, { depth }) => Math.max(most, depth), 0) + 1, leastShare };
}

function boxesOf(all: Frame, leastShare: number): Box[] {
  const boxes: Box[] = [];
  const whole = Math.max(1, all.totalUs);
  const place = (frame: Frame, left: number, depth: number): void => {
    const width = frame.totalUs / whole;
    if (width < leastShare) return;
    boxes.push({ frame, left, width, depth });
    let at = left;
    // By name, so that the same work is drawn at the same place in two profiles.
    for (const child of [...frame.children.values()].sort(byName)) {
      place(child, at, depth + 1);
      at += child.totalUs / whole;
    }
  };
  place(all, 0, 0);
  return boxes;
}

function byName(a: Frame, b: Frame): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
