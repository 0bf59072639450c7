/** What the generator is asked to do and what it tells: plain data, since it crosses processes. */

/** Where, and how a claim is asked for there. */
export interface Counter {
  readonly over: 'http' | 'sockets';
  readonly port: number;
  readonly path: string;
  readonly sku: string;
  readonly shoppers: number;
  /** Where shoppers have to stand in line for a pass before they claim. */
  readonly line: {
    readonly dropId: string;
    readonly path: string;
    readonly region: string;
    readonly secret: string;
  } | null;
}

export interface Load {
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Claims that are due in a second, whatever is answered; without it each connection asks in turn. */
  readonly perSecond: number | null;
  /** Ends once so many claims were asked for, however long that takes; nothing is measured then. */
  readonly asks: number | null;
  /** Says so at this many wins, and then expects to be told where to go on. */
  readonly movesAt: number | null;
}

export type GeneratorOrder =
  | { readonly t: 'enter'; readonly counter: Counter; readonly connections: number }
  | { readonly t: 'ask'; readonly load: Load }
  | { readonly t: 'moved'; readonly port: number };

export interface Asked {
  /** The ids that shoppers were told they had won, each time. */
  readonly won: readonly string[];
  /** Other answers, by their code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Claims that were asked for once more: the connection broke, or the answer was to come again. */
  readonly askedAgain: number;
  readonly unanswered: number;
  /** Answers inside the measured time. */
  readonly measured: number;
  readonly measuredMs: number;
  /** Epoch milliseconds of the first claim. */
  readonly fromMs: number;
  /** Latencies in microseconds, as hdr-histogram-js encodes them. */
  readonly histogram: string;
}

export type GeneratorReport =
  | { readonly t: 'entered' }
  | { readonly t: 'measuring' }
  | { readonly t: 'measured' }
  | { readonly t: 'move' }
  | { readonly t: 'asked'; readonly asked: Asked };
