/** The view of one place: begun by `line`, kept up to date by `head`. */
import { type Eta, etaAfter, moveAhead, oddsAfter, type Place, steadyEta, type Told } from '../line/ahead.ts';
import type { EdgeMessageOf } from '../line/messages.ts';
import { laneHeadOf } from './lane-head.ts';
import type { LineView } from './state.ts';

export interface Viewer {
  readonly view: LineView | undefined;
  ticket(message: EdgeMessageOf<'ticket'>): void;
  line(message: EdgeMessageOf<'line'>): void;
  head(message: EdgeMessageOf<'head'>): void;
  startsAt(startsAtMs: number): void;
  /** The place is not this one any more. */
  forget(): void;
}

export function createViewer(now: () => number): Viewer {
  let lane = '';
  let position: number | undefined;
  let place: Place | undefined;
  let told: Told | undefined;
  let shown: Eta | undefined;
  let startsAtMs = 0;
  let view: LineView | undefined;

  function show(state: LineView['state'], ahead: number, stock: number): void {
    if (told === undefined) return;
    const atMs = now();
    shown = steadyEta(shown, etaAfter(told, { atMs, ahead, startsAtMs }));
    const odds = oddsAfter(told, { ahead, stock });
    view = { state, lane, position, ahead, etaMs: shown.etaMs, odds, stock, atMs };
  }

  return {
    get view() {
      return view;
    },
    ticket(message) {
      if (message.position !== position) shown = undefined;
      ({ lane, position } = message);
    },
    line({ state, ahead, etaMs, odds, stock }) {
      told = { atMs: now(), ahead, etaMs, odds, stock };
      place = position === undefined ? undefined : { position, ahead };
      show(state, ahead, stock);
    },
    head(message) {
      const { state, stock } = message;
      const laneHead = laneHeadOf(message, lane);
      if (place !== undefined && laneHead !== undefined) place = moveAhead(place, laneHead);
      show(state, place?.ahead ?? told?.ahead ?? 0, stock);
    },
    startsAt(atMs) {
      startsAtMs = atMs;
    },
    forget() {
      [position, place, told, shown, view] = [undefined, undefined, undefined, undefined, undefined];
    },
  };
}
