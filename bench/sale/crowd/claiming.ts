/** The claims of one visit: sent, answered, asked again until they are decided. */
import { type Message, numberIn, textIn } from '../../sockets/read-message.ts';
import type { Account } from './account.ts';
import { type Ask, type Asks, createAsks } from './asks.ts';
import { judge } from './reasons.ts';
import type { World } from './world.ts';

export interface Claiming {
  readonly asks: Asks;
  claim(asked: { readonly key?: string; readonly qty?: number; readonly dueMs?: number }): string;
  /** Those that were lost with the last socket. */
  askAgain(): void;
  claimed(message: Message): void;
  /** Without a socket: the answer was that of a call. */
  wonOverHttp(claimId: string): void;
  /** The code, once the claim is decided by it. */
  refused(message: Message): string | undefined;
}

export interface ClaimingOptions {
  readonly world: World;
  readonly account: Account;
  readonly attacks: boolean;
  readonly region: string;
  /** End of the pass of this socket, or 0. */
  passUntilMs(): number;
  lastPassUntilMs(): number;
  /** False while there is no socket. */
  send(text: string): boolean;
  later(afterMs: number, work: () => void): void;
  onWon(): void;
}

/** The same key may succeed later: asked again until it is decided, as docs/PROTOCOL.md says. */
const ASK_AGAIN: ReadonlySet<string> = new Set(['BUSY', 'RATE_LIMITED', 'INTERNAL', 'PAUSED']);
const MOST_TRIES = 50;
const RETRY_MS = 1_000;

export function createClaiming(options: ClaimingOptions): Claiming {
  const { world, account, attacks, region, send, later, onWon } = options;
  const { plan, tally } = world;
  const asks = createAsks();

  function decide(ask: Ask, what: 'decisionWon' | 'decisionRefused'): void {
    ask.isDecided = true;
    // Whoever was away meanwhile waited for themselves.
    if (!ask.wasLost) {
      const tookMs = performance.now() - ask.dueMs;
      tally.took(what, tookMs);
      tally.decided(account.kind, tookMs);
    }
    tally.inSecond(what === 'decisionWon' ? 'won' : 'refused');
  }

  function sendAgain(ask: Ask): void {
    if (!ask.isDecided) sendNow(ask);
  }

  /** What cannot be sent is lost as if it had been: it is asked again as soon as there is a socket. */
  function sendNow(ask: Ask): void {
    if (send(ask.text)) {
      ask.open += 1;
      ask.sentAtMs = Date.now();
    } else ask.wasLost = true;
  }

  function countWin(claimId: string): void {
    account.wins += 1;
    tally.count(account.kind, 'units');
    if (account.wins === 1) tally.count(account.kind, 'winners');
    tally.won(claimId);
    if (attacks) tally.wrong('claims won by forgery');
  }

  function judgeRefusal(code: string): void {
    const verdict = judge(code, {
      ...{ nowMs: Date.now(), attacks, passUntilMs: options.passUntilMs(), lastPassUntilMs: options.lastPassUntilMs() },
      ...{ startsAtMs: plan.startsAtMs, endedAtMs: world.endedAtMs, underWay: asks.open },
    });
    if (verdict === 'wrong') tally.wrong(`refusals ${code} without a reason`);
    if (verdict === 'if the limit was reached') account.limitRefusals += 1;
    if (verdict === 'if the drop had ended') world.toldEnded();
  }

  function isAskedAgain(ask: Ask, code: string, message: Message): boolean {
    if (!ASK_AGAIN.has(code) || ask.tries >= MOST_TRIES) return false;
    ask.tries += 1;
    if (ask.open === 0) later(numberIn(message, 'retryAfterMs') ?? RETRY_MS, () => sendAgain(ask));
    return true;
  }

  return {
    asks,
    claim({ key = world.nextKey(account), qty = 1, dueMs = performance.now() }) {
      const { methodId } = account.person;
      const payment = methodId === null ? {} : { payment: methodId };
      const text = JSON.stringify({ t: 'claim', key, sku: plan.sku, qty, ...payment });
      if (asks.find(key) === undefined) tally.inSecond('claims');
      sendNow(asks.ask(key, text, dueMs));
      return key;
    },
    askAgain() {
      for (const ask of asks.undecidedAsks()) if (ask.open === 0) sendAgain(ask);
    },
    claimed(message) {
      const ask = asks.find(textIn(message, 'key'));
      const claimId = textIn(message, 'claimId');
      if (ask === undefined || ask.open === 0) {
        tally.wrong('answers that nobody had asked for');
        return;
      }
      ask.open -= 1;
      if (ask.claimId !== '') {
        if (ask.claimId !== claimId) tally.wrong('keys with two answers');
        return;
      }
      if (ask.isDecided) tally.wrong('keys that were refused and then won');
      ask.claimId = claimId;
      countWin(claimId);
      decide(ask, 'decisionWon');
      onWon();
    },
    wonOverHttp: countWin,
    refused(message) {
      const [code, ask] = [textIn(message, 'code'), asks.find(textIn(message, 'key'))];
      if (ask === undefined || ask.open === 0) {
        // Whoever makes keys up may have one of them refused.
        if (!attacks) tally.wrong('answers that nobody had asked for');
        return undefined;
      }
      judgeRefusal(code);
      ask.open -= 1;
      if (ask.isDecided || isAskedAgain(ask, code, message)) return undefined;
      if (code === 'SOLD_OUT') tally.soldOut(region, ask.sentAtMs, Date.now());
      // Their pass is gone, and with it the way to learn what became of the claim.
      if (ask.wasLost && code !== 'SOLD_OUT') tally.unknown();
      decide(ask, 'decisionRefused');
      return code;
    },
  };
}
