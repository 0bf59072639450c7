/** What a client says to the edge and what it makes of the answers, whatever happens to the connection meanwhile. */
import type { ErrorCode } from '../errors.ts';
import type { EdgeMessage, EdgeMessageOf } from '../line/messages.ts';
import { createAlarm } from './alarm.ts';
import { type ClaimBook, type ClaimOutcome, type ClaimRequest, createClaimBook } from './claims.ts';
import { createEntrance, type Entrance } from './entrance.ts';
import { createEvents } from './events.ts';
import { LEAVE_FRAME, PING_FRAME } from './frames.ts';
import { createLink, type Link, LOST } from './link.ts';
import { type ClientMemory, createMemory, type Remembered, randomHex } from './memory.ts';
import { type LineClientOptions, PATIENCE } from './options.ts';
import { endsPass, meaningOf } from './refusals.ts';
import { lineUrl } from './socket.ts';
import type { ClientEvents, ClientState, ClosedWhy, LineView } from './state.ts';
import { until } from './until.ts';
import { createViewer, type Viewer } from './view.ts';

/** `none` once the pass is over or the place was given up: coming back then would take a new place. */
type Intent = 'place' | 'leave' | 'none';

const RETRY_MS = 1_000;

export class Conversation {
  readonly #events = createEvents<ClientEvents>();
  readonly #dropId: string;
  readonly #now: () => number;
  readonly #link: Link;
  readonly #entrance: Entrance;
  readonly #book: ClaimBook;
  readonly #viewer: Viewer;
  readonly #memory: ClientMemory;
  readonly #passEnd = createAlarm();
  #remembered: Remembered;
  #state: ClientState = { at: 'connecting' };
  #drop: EdgeMessageOf<'welcome'>['drop'] | undefined;
  #intent: Intent = 'place';
  #resting: 'left' | 'passed' = 'left';

  constructor(options: LineClientOptions) {
    const { urls, dropId, region, token, solve, now = () => Date.now(), random = Math.random } = options;
    const patience = { ...PATIENCE, ...options.patience };
    this.#dropId = dropId;
    this.#now = now;
    this.#memory = options.memory ?? createMemory();
    this.#remembered = this.#memory.load(dropId) ?? { nonce: randomHex() };
    this.#memory.save(dropId, this.#remembered);
    this.#viewer = createViewer(now);
    this.#link = createLink({
      ...{ now, random, patience },
      urls: [urls].flat().map((url) => lineUrl(url, dropId, region)),
      makeSocket: options.makeSocket ?? ((url) => new WebSocket(url)),
      connecting: () => this.#become({ at: 'connecting' }),
      heard: (message) => this.#heard(message),
      away: (closeCode, retryAtMs) => this.#away(closeCode, retryAtMs),
      stopped: (why) => this.#finish(why),
      problem: (what) => this.#events.tell('problem', { what }),
    });
    this.#entrance = createEntrance({
      ...{ token, solve, link: this.#link, patience, now, random },
      remembered: () => this.#remembered,
      become: (state) => this.#become(state),
      refusedForGood: (code) => this.#end({ by: 'refusal', code }),
      problem: (error) => this.#events.tell('problem', { what: 'the join could not be made', error }),
    });
    this.#book = createClaimBook({
      ...{ now, random, deadlineMs: patience.claimMs, silenceMs: patience.claimSilenceMs },
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
    return until(this, at);
  }

  claim(request: Omit<ClaimRequest, 'key'> & { readonly key?: string }): Promise<ClaimOutcome> {
    const key = request.key ?? randomHex();
    if (this.#state.at !== 'closed') return this.#book.add({ ...request, key });
    return Promise.resolve({ t: 'unanswered', key, why: 'closed', sent: false });
  }

  leave(): void {
    if (this.#intent !== 'place' || this.#state.at === 'closed') return;
    const { at } = this.#state;
    if (at === 'waiting' || at === 'admitted') {
      this.#giveUp();
    } else if (at === 'joining' || this.#remembered.ticket !== undefined) {
      // There is, or may be, a place: it is given up as soon as the edge can be told.
      this.#intent = 'leave';
    } else {
      this.#intent = 'none';
      if (at !== 'connecting' && at !== 'away') this.#rest('left');
    }
  }

  rejoin(): void {
    if (this.#intent === 'place' || this.#state.at === 'closed') return;
    this.#intent = 'place';
    this.#viewer.forget();
    if (this.#state.at === 'left' || this.#state.at === 'passed') this.#entrance.join();
  }

  close(): void {
    this.#end({ by: 'us' });
  }

  #heard(message: EdgeMessage): void {
    switch (message.t) {
      case 'welcome':
        this.#welcome(message);
        break;
      case 'ticket':
        this.#viewer.ticket(message);
        this.#remembered = { nonce: this.#remembered.nonce, ticket: message.ticket };
        this.#memory.save(this.#dropId, this.#remembered);
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
        if (message.key === undefined) this.#refusedToEnter(message);
        else this.#refusedToClaim(message, message.key);
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
    this.#viewer.startsAt(drop.startsAt);
    this.#link.welcomed();
    if (this.#state.at !== 'connecting') return;
    if (this.#intent === 'none') this.#rest(this.#resting);
    else this.#entrance.welcomed(challenge);
  }

  #arrive(state: Extract<ClientState, { at: 'waiting' | 'admitted' }>): void {
    if (this.#intent === 'none') return;
    this.#entrance.arrived();
    if (this.#intent === 'leave') {
      this.#giveUp();
    } else if (state.at === 'admitted') {
      this.#become(state);
      this.#watchPass(state.expiresAt - this.#now());
      this.#book.open();
    } else {
      this.#passEnd.clear();
      this.#book.shut();
      this.#book.ask();
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
    this.#resting = at;
    this.#stand();
    if (at === 'passed') this.#book.ask();
    this.#become({ at });
  }

  #refusedToClaim(message: EdgeMessageOf<'refused'>, key: string): void {
    this.#book.refused(message, key);
    if (this.#state.at !== 'admitted') return;
    if (endsPass(message.code)) {
      this.#passOver();
    } else if (message.code === 'NOT_ADMITTED') {
      this.#stand();
      this.#entrance.join();
    }
  }

  #refusedToEnter({ code, retryAfterMs = RETRY_MS, challenge }: EdgeMessageOf<'refused'>): void {
    const { at } = this.#state;
    if (at === 'left' || at === 'passed') return;
    const meaning = meaningOf(code);
    if (at === 'admitted' && endsPass(code)) this.#passOver();
    // It can only have been a claim, and the edge could not say which.
    else if (at === 'admitted') this.#book.askAgain(retryAfterMs);
    else if (meaning === 'prove') this.#entrance.prove(challenge);
    else if (meaning === 'final') this.#end({ by: 'refusal', code });
    else if (meaning === 'later' && at === 'connecting') this.#link.leaveIt(LOST);
    else if (meaning === 'later') this.#stayOutside(code, retryAfterMs);
  }

  #stayOutside(code: ErrorCode, retryAfterMs: number): void {
    this.#stand();
    this.#entrance.later(code, retryAfterMs);
  }

  #away(closeCode: number, retryAtMs: number): void {
    this.#stand();
    this.#become({ at: 'away', closeCode, retryAtMs });
  }

  /** Not admitted from here on, nor about to be. */
  #stand(): void {
    this.#entrance.stop();
    this.#passEnd.clear();
    this.#book.shut();
  }

  #end(why: ClosedWhy): void {
    this.#link.stop();
    this.#finish(why);
  }

  #finish(why: ClosedWhy): void {
    if (this.#state.at === 'closed') return;
    this.#stand();
    this.#book.end();
    this.#become({ at: 'closed', why });
  }

  #become(state: ClientState): void {
    this.#state = state;
    this.#events.tell('state', state);
  }

  #tellView(): void {
    const { view } = this.#viewer;
    if (view !== undefined && this.#state.at === 'waiting') this.#events.tell('view', view);
  }
}
