/** One socket of one shopper, from welcome to close. */
import { CLOSE } from '../../contracts/close-codes.ts';
import { describeError, type ErrorCode } from '../../contracts/errors.ts';
import { isUuidV7 } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { decodeShopperFrame, encodeClaimed, encodeMessage } from '../../contracts/line/codec.ts';
import type { EdgeMessage, EdgeMessageOf, ShopperMessage } from '../../contracts/line/messages.ts';
import { unreachable } from '../../contracts/unreachable.ts';
import type { SocketState } from '../defence/gate.ts';
import type { Peer, SocketHandler, SocketRequest } from '../transport/server.ts';
import type { Room } from '../waiting-room/room.ts';
import type { Seat } from '../waiting-room/seats.ts';
import { type ClaimOutcome, type ClaimRequest, claim, isKnownGone, stall } from './claim.ts';
import type { Shopper } from './identify.ts';
import { letIn } from './let-in.ts';
import type { SessionServices } from './services.ts';
import { giveUpPlace, type Standing, takePlace } from './take-place.ts';
import { welcomeOf } from './welcome.ts';

/** What may be said before the welcome: a client that does not wait for it loses nothing. */
const EARLY_MESSAGES = 4;
const RETRY_AFTER_MS = 1_000;

/** What this socket may claim with: a pass, or one that has ended, whose claims can still be asked for again. */
interface Pass {
  readonly region: string;
  readonly passUntilMs: number;
  /** Only this socket can have used it. */
  readonly isOurs: boolean;
}

type JoinMessage = Extract<ShopperMessage, { t: 'join' }>;
type ClaimMessage = Extract<ShopperMessage, { t: 'claim' }>;

export function openSession(services: SessionServices, peer: Peer, request: SocketRequest): SocketHandler {
  const session = new Session(services, peer, request);
  session.enter();
  return session;
}

class Session implements SocketHandler {
  readonly #services: SessionServices;
  readonly #peer: Peer;
  readonly #dropId: string;
  readonly #region: string;
  readonly #address: string;
  readonly #pace: SocketState;
  #room: Room | undefined;
  #early: ShopperMessage[] = [];
  #shopper: Shopper | undefined;
  #nonce = '';
  #joining = false;
  #seat: Seat | undefined;
  #pass: Pass | undefined;
  /** Grows whenever this socket leaves its place, or takes another. */
  #visit = 0;
  /** Left, and has not asked for a place again. */
  #left = false;
  #keys = new Set<string>();
  #toldGone = new Set<string>();
  #claimsUnderWay = 0;
  #toldPlace: number | undefined;
  /** The first that this socket was told of when its turn comes. */
  #promise: { readonly fromMs: number; readonly toMs: number } | undefined;
  #open = true;

  constructor(services: SessionServices, peer: Peer, request: SocketRequest) {
    this.#services = services;
    this.#peer = peer;
    this.#dropId = request.dropId;
    this.#region = request.region ?? services.regions[0] ?? '';
    this.#address = request.address;
    this.#pace = services.gate.socket();
    services.metrics.socketOpened();
  }

  enter(): void {
    this.#run(async () => {
      if (!isUuidV7(this.#dropId)) return this.#end('DROP_NOT_FOUND');
      if (!this.#services.regions.includes(this.#region)) return this.#end('UNKNOWN_REGION');
      const room = await this.#services.rooms.enter(this.#dropId);
      if (typeof room === 'string') return this.#end(room);
      const challenge = await this.#challengeIn(room);
      if (!this.#open) return this.#services.rooms.leave(this.#dropId);
      // From here on frames are answered: not before the welcome, and after those that came early.
      this.#room = room;
      this.#peer.subscribe(room.topic);
      this.tell(welcomeOf(room, challenge));
      for (const message of this.#early.splice(0)) this.#handle(room, message);
    });
  }

  async #challengeIn(room: Room): Promise<string | undefined> {
    try {
      return await this.#services.gate.challengeFor(room.drop, this.#address);
    } catch (error) {
      this.#services.rooms.leave(this.#dropId);
      throw error;
    }
  }

  message(frame: ArrayBuffer, binary: boolean): void {
    if (this.#services.gate.frame(this.#pace) !== 'ok') {
      this.#end('RATE_LIMITED');
      return;
    }
    const decoded = decodeShopperFrame(frame, binary);
    if (!decoded.ok) this.#end(decoded.code, decoded.reason);
    else if (this.#room !== undefined) this.#handle(this.#room, decoded.message);
    else if (this.#early.length < EARLY_MESSAGES) this.#early.push(decoded.message);
    else this.#end('RATE_LIMITED');
  }

  closed(): void {
    this.#open = false;
    this.#stand();
    this.#disappear();
    if (this.#room !== undefined) this.#services.rooms.leave(this.#dropId);
    this.#services.metrics.socketClosed();
  }

  tell(message: EdgeMessage): void {
    if (this.#open) this.#peer.send(encodeMessage(message));
  }

  #handle(room: Room, message: ShopperMessage): void {
    switch (message.t) {
      case 'join':
        this.#run(() => this.#join(room, message));
        break;
      case 'claim':
        if (!this.#refuseIfGone(room, message)) this.#claim(room, message);
        break;
      case 'leave':
        this.#run(() => this.#leave());
        break;
      case 'ping':
        this.tell({ t: 'pong', now: this.#services.clock.now() });
        break;
      default:
        unreachable(message);
    }
  }

  async #join(room: Room, { token, ticket, nonce, proof }: JoinMessage): Promise<void> {
    // A second join while the first is under way has nothing to add.
    if (this.#joining) return;
    this.#joining = true;
    try {
      this.#left = false;
      this.#stand();
      this.#toldPlace = undefined;
      const entry = await letIn(this.#services, { room, address: this.#address, token, ticket, proof });
      if (!entry.ok) {
        if (entry.code === 'UNAUTHENTICATED') this.#end(entry.code);
        else this.#refuse(entry.code, entry.more);
        return;
      }
      const { shopper } = entry;
      this.#appearAs(room, shopper);
      this.#nonce = nonce;
      await this.#takePlace(room, shopper, true);
    } finally {
      this.#joining = false;
    }
  }

  async #takePlace(room: Room, shopper: Shopper, mayJoin: boolean): Promise<void> {
    const asked = { room, shopper, region: this.#region, nonce: this.#nonce, from: 'socket', mayJoin } as const;
    const visit = this.#visit;
    const standing = await takePlace(this.#services, asked);
    // What was asked before this socket left, or joined as somebody else, is not about it any more.
    if (this.#open && visit === this.#visit) return this.#standAt(room, shopper, standing);
    // It may have been made after it was given up: nobody would come when it is called, and all others would wait for that.
    if (this.#left) return giveUpPlace(this.#services, this.#dropId, shopper.id);
    // The place must not count as one that somebody is at.
    if (!room.isHere(shopper.id)) await this.#services.line.away(this.#dropId, shopper.id);
  }

  #standAt(room: Room, shopper: Shopper, standing: Standing): void {
    if (standing.at === 'refused') {
      this.#refuse(standing.code);
      return;
    }
    const place = standing.at === 'lobby' ? undefined : standing.place;
    this.#tellTicket(standing, place);
    if (standing.at === 'admitted') {
      this.#admit(standing);
      return;
    }
    if (standing.at === 'waiting') {
      const { lastPassUntilMs, region, view } = standing;
      this.#pass = lastPassUntilMs > 0 ? { region, passUntilMs: lastPassUntilMs, isOurs: false } : undefined;
      const nowMs = this.#services.clock.now();
      this.#promise ??= { fromMs: nowMs + view.etaMs[0], toMs: nowMs + view.etaMs[1] };
    }
    this.#seat = { lane: standing.lane, place, called: () => this.#run(() => this.#takePlace(room, shopper, false)) };
    this.tell({ t: 'line', ...standing.view });
    room.sit(this.#seat);
  }

  #admit({ pass, passUntilMs, region, again }: Extract<Standing, { at: 'admitted' }>): void {
    this.#seat = undefined;
    this.#pass = { region, passUntilMs, isOurs: !again };
    this.tell({ t: 'admitted', pass, expiresAt: passUntilMs });
    if (this.#promise === undefined) return;
    const nowMs = this.#services.clock.now();
    const { fromMs, toMs } = this.#promise;
    this.#promise = undefined;
    this.#services.metrics.estimated(nowMs < fromMs ? 'early' : nowMs > toMs ? 'late' : 'within');
  }

  /**
   * What is known to be gone is refused in the same turn, without asking anybody. Not for a key that may have been used
   * before: a repeated key has to get its first answer, and only the core has it.
   */
  #refuseIfGone(room: Room, { key, sku }: ClaimMessage): boolean {
    const pass = this.#pass;
    if (pass === undefined || !pass.isOurs) return false;
    // What is known of the room first: it is the same for all, where the keys are one of thousands of sets in memory.
    if (!isKnownGone(this.#services, room, sku, pass) || this.#keys.has(key)) return false;
    this.#services.metrics.decided('SOLD_OUT', 0);
    this.#refuse('SOLD_OUT', { key });
    this.#tellGone(room, sku, pass.region);
    return true;
  }

  /** Once for each item: what comes back, and is gone again, is told to everybody at once. */
  #tellGone(room: Room, sku: string, region: string): void {
    if (this.#toldGone.has(sku)) return;
    this.#toldGone.add(sku);
    this.tell({ t: 'sold-out', sku, region, anywhere: room.wasGoneEverywhere(sku) });
    const shopperId = this.#shopper?.id;
    if (shopperId !== undefined) stall(this.#services, this.#dropId, shopperId);
  }

  #claim(room: Room, { key, sku, qty, payment }: ClaimMessage): void {
    const [pass, shopper] = [this.#pass, this.#shopper];
    if (pass === undefined || shopper === undefined) {
      this.#refuse('NOT_ADMITTED', { key });
      return;
    }
    if (this.#claimsUnderWay >= LIMITS.claimsPerSocket) {
      this.#refuse('RATE_LIMITED', { key });
      return;
    }
    this.#claimsUnderWay += 1;
    const { region, passUntilMs } = pass;
    // More keys than a shopper has use for: from then on the core is asked for all of them.
    if (this.#keys.size < LIMITS.claimKeysPerSocket) this.#keys.add(key);
    else this.#pass = { ...pass, isOurs: false };
    const asked = { room, shopperId: shopper.id, region, passUntilMs, key, sku, qty, payment };
    // One link, not a chain of them: each costs a promise and a turn of the queue for every claim.
    claim(this.#services, asked).then(
      (outcome) => this.#decided(asked, outcome),
      (error: unknown) => {
        this.#claimsUnderWay -= 1;
        this.#fail(error, { key });
      },
    );
  }

  #decided(asked: ClaimRequest, outcome: ClaimOutcome): void {
    this.#claimsUnderWay -= 1;
    try {
      this.#tellOutcome(asked, outcome);
    } catch (error) {
      this.#fail(error, { key: asked.key });
    }
  }

  #tellOutcome({ room, key, sku, qty, region }: ClaimRequest, outcome: ClaimOutcome): void {
    if (outcome.won) {
      const { claimId, amount, holdUntil } = outcome;
      const { currency } = room.drop;
      if (this.#open) this.#peer.send(encodeClaimed({ key, claimId, sku, qty, amount, currency, holdUntil }));
      return;
    }
    this.#refuse(outcome.code, { key });
    if (outcome.code === 'SOLD_OUT') this.#tellGone(room, sku, region);
  }

  async #leave(): Promise<void> {
    const shopper = this.#shopper;
    if (shopper === undefined) return;
    this.#left = true;
    this.#stand();
    await giveUpPlace(this.#services, this.#dropId, shopper.id);
  }

  #stand(): void {
    this.#visit += 1;
    if (this.#seat !== undefined) this.#room?.stand(this.#seat);
    this.#seat = undefined;
    this.#pass = undefined;
  }

  #appearAs(room: Room, shopper: Shopper): void {
    if (!this.#open) return;
    if (this.#shopper?.id !== shopper.id) {
      this.#disappear();
      this.#services.presence.add(shopper.id, this);
      room.arrive(shopper.id);
    }
    this.#shopper = shopper;
  }

  #disappear(): void {
    const shopper = this.#shopper;
    this.#shopper = undefined;
    if (shopper === undefined) return;
    this.#services.presence.remove(shopper.id, this);
    if (this.#room?.depart(shopper.id) !== true) return;
    // Not asked again when it fails: an edge that says nothing at all is taken for gone with all its sockets.
    this.#services.line.away(this.#dropId, shopper.id).catch((error: unknown) => {
      this.#services.log.debug({ err: error, dropId: this.#dropId }, 'an absence could not be told');
    });
  }

  /** Once for each place: being admitted does not change it. */
  #tellTicket(of: Exclude<Standing, { at: 'refused' }>, position: number | undefined): void {
    const place = position ?? 0;
    if (this.#toldPlace === place) return;
    this.#toldPlace = place;
    const { ticket, entrant, lane, region } = of;
    this.tell({ t: 'ticket', ticket, entrant, lane, region, ...(position === undefined ? {} : { position }) });
  }

  #refuse(code: ErrorCode, more: Partial<Omit<EdgeMessageOf<'refused'>, 't' | 'code'>> = {}): void {
    this.#services.metrics.refused(code);
    // Of a drop that there is: anybody can make up ids.
    if (this.#room !== undefined) this.#services.refusals.note(this.#dropId, code);
    const { retryable } = describeError(code);
    this.tell({ t: 'refused', code, ...(retryable ? { retryAfterMs: RETRY_AFTER_MS } : {}), ...more });
  }

  /** Refuses and, where the catalogue says so, or where nothing else is left, closes. */
  #end(code: ErrorCode, text?: string): void {
    this.#refuse(code, text === undefined ? {} : { text });
    const { close } = describeError(code);
    if (close !== undefined) this.#peer.close(close, code);
    // Without a room there is nothing that this socket could do.
    else if (this.#room === undefined) this.#peer.close(CLOSE.BUSY, code);
  }

  #run(work: () => Promise<void> | void): void {
    Promise.resolve()
      .then(work)
      .catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown, of: { readonly key?: string } = {}): void {
    this.#services.log.error({ err: error, dropId: this.#dropId }, 'a message could not be handled');
    this.#refuse('INTERNAL', of);
  }
}
