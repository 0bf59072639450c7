/** What a generator of claims is asked to do and what it tells: plain data, since it crosses processes. */
import type { LoadResult } from '../../core/load.ts';

export interface Crowd {
  readonly port: number;
  readonly dropId: string;
  readonly region: string;
  readonly secret: string;
  /** Which generator this is: shoppers of different ones come from different addresses. */
  readonly generator: number;
  /** Sockets of this generator, each of one shopper. */
  readonly sockets: number;
  /** After this many wins a shopper leaves and a new one takes the socket's turn: a shopper's limit is never met. */
  readonly winsEach: number;
}

export interface ClaimLoad {
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Claims that this generator begins in a second, whatever is answered; without it each shopper claims in turn. */
  readonly perSecond: number | null;
  /** Ends the warm-up only when stock is gone. */
  readonly untilSoldOut: boolean;
}

export type ClaimOrder =
  | { readonly t: 'enter'; readonly crowd: Crowd }
  | { readonly t: 'claim'; readonly load: ClaimLoad };

export interface ClaimResult extends LoadResult {
  /** Claims that were never answered, although asked again. */
  readonly unanswered: number;
  /** Answers for a key that was not asked for, or asked for and answered already. */
  readonly strange: number;
  readonly socketsLost: number;
  /** Open loop: the most that waited in the generator for a free socket. */
  readonly mostWaiting: number;
}

export type ClaimReport =
  | { readonly t: 'entered' }
  | { readonly t: 'measuring' }
  | { readonly t: 'measured' }
  | { readonly t: 'done'; readonly result: ClaimResult };
