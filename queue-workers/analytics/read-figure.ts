/** From a message to a figure, or to why it is none. */
import { decodeEvent } from '../../contracts/events/codec.ts';
import {
  type AnyFigure,
  type FigureName,
  type FigureValues,
  figureValues,
  isFigureName,
} from '../../contracts/figures.ts';
import { LIFETIMES } from '../../contracts/limits.ts';

export interface ReadFigure {
  readonly eventId: string;
  readonly atMs: number;
  readonly figure: AnyFigure;
}

export type Unread = 'unreadable' | 'unknown' | 'out-of-time';
export type Reading =
  | { readonly ok: true; readonly read: ReadFigure }
  | { readonly ok: false; readonly problem: Unread };

export function readFigure(text: string, nowMs: number): Reading {
  const decoded = decodeEvent('analytics.event', text);
  if (!decoded.ok) return { ok: false, problem: 'unreadable' };
  const { id: eventId, at: atMs, data } = decoded.event;
  // What has no month to go to would come again for ever.
  if (!isInTime(atMs, nowMs)) return { ok: false, problem: 'out-of-time' };
  const { name, dropId, subjectId, values } = data;
  // Somebody newer counts something that is not known here yet.
  if (!isFigureName(name)) return { ok: false, problem: 'unknown' };
  const figure = figureOf(name, values, { dropId, subjectId });
  return figure === undefined ? { ok: false, problem: 'unreadable' } : { ok: true, read: { eventId, atMs, figure } };
}

export function isInTime(atMs: number, nowMs: number): boolean {
  return atMs >= nowMs - LIFETIMES.figuresLateMs && atMs <= nowMs + LIFETIMES.figuresEarlyMs;
}

interface About {
  readonly dropId: string | null;
  readonly subjectId: string | null;
}

function figureOf(name: FigureName, values: unknown, about: About): AnyFigure | undefined {
  const of = <N extends FigureName>(known: N): ({ name: N; values: FigureValues<N> } & About) | undefined => {
    const right = figureValues(known, values);
    return right === undefined ? undefined : { name: known, values: right, ...about };
  };
  // One case a name: a union of figures is told apart by it.
  switch (name) {
    case 'product.viewed':
      return of(name);
    case 'search.done':
      return of(name);
    case 'cart.added':
      return of(name);
    case 'checkout.started':
      return of(name);
    case 'order.placed':
      return of(name);
    case 'order.confirmed':
      return of(name);
    case 'order.cancelled':
      return of(name);
    case 'payment.captured':
      return of(name);
    case 'payment.failed':
      return of(name);
    case 'refund.done':
      return of(name);
    case 'recommendation.shown':
      return of(name);
    case 'recommendation.clicked':
      return of(name);
  }
}
