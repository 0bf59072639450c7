/** What a client says to the edge and what it makes of the answers, whatever happens to the connection meanwhile. */
import { LIMITS } from '../limits.ts';
import type { EdgeMessage, EdgeMessageOf } from '../line/messages.ts';
import { createAlarm } from './alarm.ts';
import { type ClaimBook, type ClaimOutcome, type ClaimRequest, createClaimBook } from './claims.ts';
import { createEvents } from './events.ts';
import { joinFrame, LEAVE_FRAME, PING_FRAME } from './frames.ts';
import { createLink, type Link, LOST } from './link.ts';
import { type ClientMemory, createMemory, type Remembered, randomHex } from './memory.ts';
import { type LineClientOptions, PATIENCE, type Patience } from './options.ts';
import { meaningOf } from './refusals.ts';
import { lineUrl } from './socket.ts';
import type { ClientEvents, ClientState, ClosedWhy, LineView } from './state.ts';
import { createViewer, type Viewer } from './view.ts';

/** `none` once the pass has run out or the place was given up: coming back then would take a new place. */
type Intent = 'place' | 'leave' | 'none';

const RETRY_MS = 1_000;

export class Conversation {
  readonly #events = createEvents<ClientEvents>();
  readonly #options: LineClientOptions;
  readonly #patience: Patience;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #link: Link;
  readonly #book: ClaimBook;
  readonly #viewer: Viewer;
  readonly #memory: ClientMemory;
  readonly #step = createAlarm();
  readonly #passEnd = createAlarm();
  #remembered: Remembered;
  #state: ClientState = { at: 'connecting' };
  #drop: EdgeMessageOf<'welcome'>['drop'] | undefined;
  #challenge: string | undefined;
  #intent: Intent = 'place';
  #resting: 'left' | 'passed' = 'left';
  /** Grows when what was begun (a token, a proof) is of no use any more. */
  #turn = 0;
  #refusals = 0;
  #proofs = 0;

  constructor(options: LineClientOptions) {
    const { urls, dropId, region, now = () => Date.now(), random = Math.random } = options;
    this.#options = options;
    this.#now = now;
    this.#random = random;
    this.#patience = { ...PATIENCE, ...options.patience };
    this.#memory = options.memory ?? createMemory();
    this.#remembered = this.#memory.load(dropId) ?? { nonce: randomHex() };
    this.#memory.save(dropId, this.#remembered);
    this.#viewer = createViewer(now);
    this.#link = createLink({
      ...{ now, random, patience: this.#patience },
      urls: [urls].flat().map((url) => lineUrl(url, dropId, region)),
      makeSocket: options.makeSocket ?? ((url) => new WebSocket(url)),
      connecting: () => this.#become({ at: 'connecting' }),
      heard: (message) => this.#heard(message),
      away: (closeCode, retryAtMs) => this.#away(closeCode, retryAtMs),
      stopped: (why) => this.#finish(why),
      problem: (what) => this.#events.tell('problem', { what }),
    });
    const { claimMs, claimSilenceMs } = this.#patience;
    this.#book = createClaimBook({
      ...{ now, random, deadlineMs: claimMs, silenceMs: claimSilenceMs },
      send: (frame) => this.#link.say(frame),
    });
  }

  get on() {
    return this.#events.on;
  }

  get state(): ClientState {
    return this.#state;
  }

  get view(): LineView | undefined {
    return this.#viewer.view;
  }

  get drop() {
    return this.#drop;
  }

  open(): void {
    this.#link.start();
  }

  until<A extends ClientState['at']>(at: A): Promise<Extract<ClientState, { at: A }>> {
    return new Promise((resolve, reject) => {
      let off = (): void => undefined;
      const look = (state: ClientState): boolean => {
        if (isAt(state, at)) resolve(state);
        else if (state.at === 'closed') reject(new Error(`The line was closed: ${JSON.stringify(state.why)}`));
        else return false;
        off();
        return true;
      };
      if (!look(this.#state)) off = this.#events.on('state', look);
    });
  }

  claim(request: Omit<ClaimRequest, 'key'> & { readonly key?: string }): Promise<ClaimOutcome> {
    const key = request.key ?? randomHex();
    if (this.#state.at !== 'closed') return this.#book.add({ ...request, key });
    return Promise.resolve({ t: 'unanswered', key, why: 'closed', sent: false });
  }

  leave(): void {
    if (this.#intent !== 'place' || this.#state.at === 'closed') return;
    const { at } = this.#state;
    const seated = at === 'waiting' || at === 'admitted';
    const mayHaveAPlace = at === 'joining' || this.#remembered.ticket !== undefined;
    if (seated) this.#giveUp();
    else if (mayHaveAPlace) this.#intent = 'leave';
    else {
      this.#intent = 'none';
      if (at !== 'connecting' && at !== 'away') this.#rest('left');
    }
  }

  rejoin(): void {
    if (this.#intent === 'place' || this.#state.at === 'closed') return;
    this.#intent = 'place';
    this.#viewer.forget();
    if (this.#state.at === 'left' || this.#state.at === 'passed') this.#run(() => this.#join());
  }

  close(): void {
    this.#link.stop();
    this.#finish({ by: 'us' });
  }

  #heard(message: EdgeMessage): void {
    switch (message.t) {
      case 'welcome':
        this.#welcome(message);
        break;
      case 'ticket':
        this.#viewer.ticket(message);
        this.#remember(message.ticket);
        break;
      case 'line':
        this.#viewer.line(message);
        this.#arrive({ at: 'waiting' });
        this.#tellView();
        break;
      case 'head':
        this.#viewer.head(message);
        this.#tellView();
        break;
      case 'admitted':
        this.#arrive({ at: 'admitted', pass: message.pass, expiresAt: message.expiresAt });
        break;
      case 'claimed':
        this.#book.claimed(message);
        break;
      case 'refused':
        this.#refused(message);
        break;
      case 'pong':
        this.#pong(message.now);
        break;
      case 'order':
        this.#events.tell('order', message);
        break;
      case 'sold-out':
        this.#events.tell('sold-out', message);
        break;
    }
    this.#events.tell('message', message);
  }

  #welcome({ drop, challenge }: EdgeMessageOf<'welcome'>): void {
    this.#drop = drop;
    this.#challenge = challenge;
    this.#viewer.startsAt(drop.startsAt);
    this.#link.welcomed();
    if (this.#state.at !== 'connecting') return;
    if (this.#intent === 'none') {
      this.#rest(this.#resting);
      return;
    }
    // Who comes back with a ticket is tried without a proof first: it costs a phone seconds.
    const proveFirst = challenge !== undefined && this.#remembered.ticket === undefined;
    this.#run(() => (proveFirst ? this.#prove() : this.#join()));
  }

  async #join(proof?: string): Promise<void> {
    const turn = this.#begin({ at: 'joining' });
    this.#step.set(this.#patience.joinMs, () => this.#link.leaveIt(LOST));
    const token = await this.#options.token({ renew: this.#link.renewToken });
    if (turn !== this.#turn) return;
    this.#step.set(this.#patience.joinMs, () => this.#link.leaveIt(LOST));
    this.#link.say(joinFrame({ token, ...this.#remembered, ...(proof === undefined ? {} : { proof }) }));
  }

  async #prove(): Promise<void> {
    const { solve } = this.#options;
    if (solve === undefined || this.#proofs >= LIMITS.clientProofs) return this.#refuseForGood('CHALLENGE_REQUIRED');
    // Only a new welcome brings a new challenge.
    if (this.#challenge === undefined) return this.#link.leaveIt(LOST);
    const turn = this.#begin({ at: 'challenged' });
    this.#proofs += 1;
    const proof = await solve(this.#challenge);
    if (turn !== this.#turn) return;
    this.#challenge = undefined;
    await this.#join(proof);
  }

  #arrive(state: Extract<ClientState, { at: 'waiting' | 'admitted' }>): void {
    if (this.#intent === 'none') return;
    this.#step.clear();
    this.#turn += 1;
    this.#refusals = 0;
    this.#proofs = 0;
    this.#link.joined();
    if (this.#intent === 'leave') {
      this.#giveUp();
    } else if (state.at === 'admitted') {
      this.#become(state);
      this.#watchPass(state.expiresAt - this.#now());
      this.#book.open();
    } else {
      this.#passEnd.clear();
      this.#book.shut();
      if (this.#state.at !== 'waiting') this.#become(state);
    }
  }

  #watchPass(leftMs: number): void {
    this.#passEnd.set(Math.max(1, leftMs), () => this.#link.say(PING_FRAME));
  }

  /** Our clock may be wrong by more than a pass lasts, so a pass ends by the edge's own time. */
  #pong(edgeNowMs: number): void {
    if (this.#state.at !== 'admitted') return;
    const leftMs = this.#state.expiresAt - edgeNowMs;
    if (leftMs <= 0) this.#passOver();
    else this.#watchPass(leftMs);
  }

  #passOver(): void {
    this.#intent = 'none';
    this.#rest('passed');
  }

  #giveUp(): void {
    this.#link.say(LEAVE_FRAME);
    this.#intent = 'none';
    this.#rest('left');
  }

  #rest(at: 'left' | 'passed'): void {
    this.#begin({ at });
    this.#resting = at;
    this.#book.shut();
  }

  #refused(message: EdgeMessageOf<'refused'>): void {
    const { code, key, retryAfterMs = RETRY_MS } = message;
    const { at } = this.#state;
    if (key !== undefined) {
      this.#book.refused(message, key);
      if (at !== 'admitted') return;
      if (code === 'PASS_EXPIRED') this.#passOver();
      else if (code === 'NOT_ADMITTED') this.#run(() => this.#join());
      return;
    }
    if (at === 'left' || at === 'passed') return;
    const meaning = meaningOf(code);
    // It can only have been a claim, and the edge could not say which.
    if (at === 'admitted') this.#book.askAgain(retryAfterMs);
    else if (meaning === 'prove') this.#run(() => this.#prove());
    else if (meaning === 'final') this.#refuseForGood(code);
    else if (meaning === 'later' && at === 'connecting') this.#link.leaveIt(LOST);
    else if (meaning === 'later') this.#stayOutside(code, retryAfterMs);
  }

  #stayOutside(code: EdgeMessageOf<'refused'>['code'], retryAfterMs: number): void {
    const spreadMs = Math.min(this.#patience.backoff.maxMs, retryAfterMs * 2 ** Math.min(this.#refusals, 20));
    const delayMs = Math.round(retryAfterMs + this.#random() * spreadMs);
    this.#refusals += 1;
    this.#begin({ at: 'outside', code, retryAtMs: this.#now() + delayMs });
    this.#step.set(delayMs, () => this.#run(() => this.#join()));
  }

  #refuseForGood(code: EdgeMessageOf<'refused'>['code']): void {
    this.#link.stop();
    this.#finish({ by: 'refusal', code });
  }

  #away(closeCode: number, retryAtMs: number): void {
    this.#begin({ at: 'away', closeCode, retryAtMs });
    this.#book.shut();
  }

  #finish(why: ClosedWhy): void {
    if (this.#state.at === 'closed') return;
    this.#begin({ at: 'closed', why });
    this.#book.end();
  }

  /** A new phase: what an earlier one has under way counts no more. */
  #begin(state: ClientState): number {
    this.#turn += 1;
    this.#step.clear();
    this.#passEnd.clear();
    this.#become(state);
    return this.#turn;
  }

  #become(state: ClientState): void {
    this.#state = state;
    this.#events.tell('state', state);
  }

  #remember(ticket: string): void {
    this.#remembered = { nonce: this.#remembered.nonce, ticket };
    this.#memory.save(this.#options.dropId, this.#remembered);
  }

  #tellView(): void {
    const { view } = this.#viewer;
    if (view !== undefined && this.#state.at === 'waiting') this.#events.tell('view', view);
  }

  /** A token or a proof that was not to be had is like a lost connection: tried again, with a back-off, not for ever. */
  #run(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#events.tell('problem', { what: 'the join could not be made', error });
      this.#link.leaveIt(LOST);
    });
  }
}

function isAt<A extends ClientState['at']>(state: ClientState, at: A): state is Extract<ClientState, { at: A }> {
  return state.at === at;
}
