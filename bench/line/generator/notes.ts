/** What a generator of a waiting crowd is asked to do and what it tells: plain data, since it crosses processes. */

export interface WaitingCrowd {
  readonly port: number;
  readonly dropId: string;
  readonly region: string;
  readonly secret: string;
  /** Which generator this is: shoppers of different ones come from different addresses. */
  readonly generator: number;
  readonly sockets: number;
  /** Of the drop: the moment of a call is when its pass ends, less this. */
  readonly passMs: number;
}

export type CrowdOrder =
  | { readonly t: 'prepare'; readonly crowd: WaitingCrowd }
  | { readonly t: 'enter' }
  /** Cuts so many sockets and comes back at once. */
  | { readonly t: 'storm'; readonly count: number; readonly ports: readonly number[] }
  /** The edge at this port is going to die: whoever is there comes back to the others. */
  | { readonly t: 'expect-crash'; readonly port: number; readonly ports: readonly number[] }
  /** Tells what was seen since the crowd entered. */
  | { readonly t: 'tell' };

/** When the sockets of a generator learned that the head had reached a place: epoch milliseconds, one a socket. */
export interface HeadSeen {
  readonly head: number;
  readonly atMs: readonly number[];
}

export interface Called {
  readonly place: number;
  readonly atMs: number;
}

/** Epoch milliseconds at which each was back, and what it took. */
export interface Return {
  readonly backAtMs: readonly number[];
  /** Who was given the place that they had. */
  readonly placesKept: number;
  readonly placesLost: number;
  readonly missing: number;
  /** Tries that failed: the edge was full, or busy, or not there. */
  readonly retries: number;
}

export type CrowdReport =
  | { readonly t: 'prepared' }
  /** The places, and the epoch milliseconds at which each was given. */
  | { readonly t: 'entered'; readonly places: readonly number[]; readonly atMs: readonly number[] }
  | ({ readonly t: 'stormed'; readonly cutAtMs: number } & Return)
  | { readonly t: 'expecting' }
  | ({ readonly t: 'back' } & Return)
  | {
      readonly t: 'told';
      readonly heads: readonly HeadSeen[];
      readonly called: readonly Called[];
      /** Refusals by code, after entering. */
      readonly refused: Readonly<Record<string, number>>;
      readonly socketsLost: number;
      /** Tries to join that failed and were made again. */
      readonly joinRetries: number;
    };
