/**
 * Whether the caps were kept, from what the log of passes says happened (invariant 6). It knows nothing of how admit
 * counts: it takes the events in their order and counts again, so that a mistake there cannot hide itself here.
 */

/** One entry of the log: these shoppers were called, or their passes ended, in one step. */
export interface PassEvent {
  readonly what: 'called' | 'ended';
  readonly atMs: number;
  /** The latest end of a pass that was called. */
  readonly untilMs: number;
  readonly shoppers: readonly string[];
}

export interface Caps {
  readonly perSecond: number;
  readonly maxActive: number;
}

export type Rule =
  | 'too many called within a second'
  | 'too many passes live at once'
  | 'called while the pass before was live'
  | 'a call is older than the one before';

export interface Breach {
  readonly rule: Rule;
  readonly times: number;
  /** The first of them. */
  readonly atMs: number;
  readonly detail: string;
}

export interface CapsReport {
  readonly calls: number;
  readonly firstAtMs: number | undefined;
  readonly lastAtMs: number | undefined;
  /** The second that ends with `atMs`, and the moment in which most passes were live; undefined when nobody was called. */
  readonly worstSecond: { readonly atMs: number; readonly called: number } | undefined;
  readonly worstMoment: { readonly atMs: number; readonly live: number } | undefined;
  readonly breaches: readonly Breach[];
}

export interface CapsCheck {
  take(event: PassEvent): void;
  report(): CapsReport;
}

const SECOND_MS = 1_000;

/**
 * Takes the events one by one, so that a log of any length is checked in the memory of the passes that are live at once.
 * A pass is live from its call until the log says that it ended, or until its own time is over: nobody takes it after that.
 */
export function createCapsCheck(caps: Caps): CapsCheck {
  const live = createLive();
  const breaches = new Map<Rule, Breach>();
  let window: { readonly atMs: number; readonly called: number }[] = [];
  let inWindow = 0;
  let calls = 0;
  let firstAtMs: number | undefined;
  let lastAtMs: number | undefined;
  let worstSecond: CapsReport['worstSecond'];
  let worstMoment: CapsReport['worstMoment'];

  function breach(rule: Rule, atMs: number, detail: string): void {
    const known = breaches.get(rule);
    breaches.set(rule, known === undefined ? { rule, times: 1, atMs, detail } : { ...known, times: known.times + 1 });
  }

  /** Half open, as any second is: of two calls exactly 1,000 ms apart only one is in it. */
  function countSecond(atMs: number, called: number): void {
    window.push({ atMs, called });
    inWindow += called;
    const firstInside = window.findIndex((call) => call.atMs > atMs - SECOND_MS);
    for (const call of window.slice(0, firstInside)) inWindow -= call.called;
    window = window.slice(firstInside);
    if (worstSecond === undefined || inWindow > worstSecond.called) worstSecond = { atMs, called: inWindow };
    if (inWindow > caps.perSecond) {
      breach('too many called within a second', atMs, `${inWindow} instead of ${caps.perSecond}`);
    }
  }

  function countMoment(atMs: number): void {
    const now = live.countAt(atMs, Math.min(caps.maxActive, worstMoment?.live ?? 0));
    if (worstMoment === undefined || now > worstMoment.live) worstMoment = { atMs, live: now };
    if (now > caps.maxActive) breach('too many passes live at once', atMs, `${now} instead of ${caps.maxActive}`);
  }

  return {
    take({ what, atMs, untilMs, shoppers }) {
      if (what === 'ended') {
        for (const shopper of shoppers) live.end(shopper);
        return;
      }
      if (lastAtMs !== undefined && atMs < lastAtMs) {
        breach('a call is older than the one before', atMs, `by ${lastAtMs - atMs} ms`);
      }
      firstAtMs ??= atMs;
      lastAtMs = atMs;
      calls += shoppers.length;
      for (const shopper of shoppers) {
        if (live.begin(shopper, atMs, untilMs)) continue;
        breach('called while the pass before was live', atMs, shopper);
      }
      countSecond(atMs, shoppers.length);
      countMoment(atMs);
    },
    report: () => ({ calls, firstAtMs, lastAtMs, worstSecond, worstMoment, breaches: [...breaches.values()] }),
  };
}

/** The passes that are live, in the order of their calls: those that end first are mostly the first. */
function createLive() {
  const untilOf = new Map<string, number>();

  function forgetOver(atMs: number, all: boolean): void {
    for (const [shopper, untilMs] of untilOf) {
      if (untilMs <= atMs) untilOf.delete(shopper);
      else if (!all) return;
    }
  }

  return {
    /** False for who has a live pass already. */
    begin(shopper: string, atMs: number, untilMs: number): boolean {
      const before = untilOf.get(shopper);
      untilOf.delete(shopper);
      untilOf.set(shopper, untilMs);
      return before === undefined || before <= atMs;
    },
    end: (shopper: string): void => void untilOf.delete(shopper),
    /** Exact where it is more than `enough`. */
    countAt(atMs: number, enough: number): number {
      forgetOver(atMs, false);
      // Passes may have become shorter by a change of the drop: then later ones end before those in front.
      if (untilOf.size > enough) forgetOver(atMs, true);
      return untilOf.size;
    },
  };
}
