/** From messages of analytics.event to what recommendations make of them. What is none is told by the analytics worker. */
import { readArmLabel } from '../../commerce/experiments/arms.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import type { ReceivedMessage } from '../../platform/connections/kafka.ts';
import { type ReadFigure, readFigure } from '../analytics/read-figure.ts';

/** Somebody saw or did something with a product: it trends by that. */
export interface Trend {
  readonly offset: number;
  readonly atMs: number;
  readonly shopperId: string;
  readonly productId: string;
  readonly kind: 'looked' | 'added';
}

/** In an experiment. */
export interface Seen {
  readonly eventId: string;
  readonly atMs: number;
  readonly experiment: string;
  readonly arm: string;
  readonly shopperId: string;
  /** Undefined where it was shown, not clicked. */
  readonly productId: string | undefined;
}

export interface Paid {
  readonly offset: number;
  readonly atMs: number;
  readonly orderId: string;
}

export interface Sorted {
  readonly trends: readonly Trend[];
  readonly seen: readonly Seen[];
  readonly paid: readonly Paid[];
}

export function sortFigures(messages: readonly ReceivedMessage[], nowMs: number): Sorted {
  const sorted = { trends: [] as Trend[], seen: [] as Seen[], paid: [] as Paid[] };
  for (const message of messages) {
    const reading = readFigure(message.value, nowMs);
    // What is older could have been counted and forgotten.
    if (!reading.ok || reading.read.atMs < nowMs - LIFETIMES.countedMs + MARGIN_MS) continue;
    sort(reading.read, Number(message.offset), sorted);
  }
  return sorted;
}

const MARGIN_MS = 3_600_000;

function sort(
  { eventId, atMs, figure }: ReadFigure,
  offset: number,
  { trends, seen, paid }: { trends: Trend[]; seen: Seen[]; paid: Paid[] },
): void {
  const { name, values, subjectId } = figure;
  if (subjectId === null) return;
  switch (name) {
    case 'product.viewed':
    case 'cart.added': {
      const { productId } = values;
      const kind = name === 'cart.added' ? 'added' : 'looked';
      trends.push({ offset, atMs, shopperId: subjectId, productId, kind });
      break;
    }
    case 'recommendation.shown':
    case 'recommendation.clicked': {
      const placed = readArmLabel(values.arm);
      const productId = 'productId' in values ? values.productId : undefined;
      if (placed !== undefined) seen.push({ eventId, atMs, ...placed, shopperId: subjectId, productId });
      break;
    }
    case 'order.confirmed':
      paid.push({ offset, atMs, orderId: subjectId });
      break;
    default:
  }
}
