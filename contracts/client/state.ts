/** Where a client stands. One of these at a time; each change is told once. */
import type { ErrorCode } from '../errors.ts';
import type { EdgeMessage, EdgeMessageOf, LineState } from '../line/messages.ts';

/** How the line looks from the shopper's place, kept up to date from the broadcasts. */
export interface LineView {
  readonly state: LineState;
  readonly lane: string;
  /** Absent before the draw of a lottery. */
  readonly position: number | undefined;
  readonly ahead: number;
  /** From when to when the turn comes, from `atMs` on: it never jumps up by more than its own width. */
  readonly etaMs: readonly [low: number, high: number];
  readonly odds: number;
  readonly stock: number;
  readonly atMs: number;
}

export type ClientState =
  | { readonly at: 'connecting' }
  /** Solving the challenge. */
  | { readonly at: 'challenged' }
  | { readonly at: 'joining' }
  /** In the line. */
  | { readonly at: 'waiting' }
  /** The edge cannot take the join now; it is asked again at `retryAtMs`. */
  | { readonly at: 'outside'; readonly code: ErrorCode; readonly retryAtMs: number }
  | { readonly at: 'admitted'; readonly pass: string; readonly expiresAt: number }
  /** The pass has run out. `rejoin` takes a new place, at the end. */
  | { readonly at: 'passed' }
  /** The place was given up. `rejoin` takes a new one. */
  | { readonly at: 'left' }
  /** The connection is lost; the place is kept. */
  | { readonly at: 'away'; readonly closeCode: number; readonly retryAtMs: number }
  /** Over for this client. */
  | { readonly at: 'closed'; readonly why: ClosedWhy };

export type ClosedWhy =
  | { readonly by: 'us' }
  /** The edge closed, with a code that says not to come back. */
  | { readonly by: 'edge'; readonly closeCode: number; readonly code: ErrorCode | undefined }
  /** The join was refused for good. */
  | { readonly by: 'refusal'; readonly code: ErrorCode }
  /** Too many failures in a row. */
  | { readonly by: 'failures'; readonly closeCode: number };

export interface ClientEvents {
  readonly state: ClientState;
  readonly view: LineView;
  /** Every message, after the client has dealt with it. */
  readonly message: EdgeMessage;
  readonly order: EdgeMessageOf<'order'>;
  readonly 'sold-out': EdgeMessageOf<'sold-out'>;
  /** What was left aside or tried again by itself: for a log. */
  readonly problem: { readonly what: string; readonly error?: unknown };
}
