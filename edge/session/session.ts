/** One socket of one shopper, from welcome to close. */
import { describeError, type ErrorCode } from '../../contracts/errors.ts';
import { isUuidV7 } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { decodeShopperFrame, encodeMessage } from '../../contracts/line/codec.ts';
import type { EdgeMessage, ShopperMessage } from '../../contracts/line/messages.ts';
import { unreachable } from '../../contracts/unreachable.ts';
import type { LineJoinReply } from '../../reservation-core/generated/line-join.ts';
import type { Peer, SocketHandler, SocketRequest } from '../transport/server.ts';
import type { Room } from '../waiting-room/room.ts';
import type { Seat } from '../waiting-room/seats.ts';
import { claim } from './claim.ts';
import { identify } from './identify.ts';
import type { SessionServices } from './services.ts';
import { welcomeOf } from './welcome.ts';

/** What may be said before the welcome: a client that does not wait for it loses nothing. */
const EARLY_MESSAGES = 4;

/** How the shopper of this socket stands in the line. */
type Standing =
  | { readonly at: 'outside' }
  | { readonly at: 'joining' }
  | { readonly at: 'waiting'; readonly shopperId: string; readonly seat: Seat }
  | { readonly at: 'admitted'; readonly shopperId: string; readonly region: string; readonly passUntilMs: number };

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
  #room: Room | undefined;
  #early: ShopperMessage[] = [];
  #standing: Standing = { at: 'outside' };
  #shopperId: string | undefined;
  #claimsUnderWay = 0;
  #toldPlace: number | undefined;
  #open = true;

  constructor(services: SessionServices, peer: Peer, request: SocketRequest) {
    this.#services = services;
    this.#peer = peer;
    this.#dropId = request.dropId;
    this.#region = request.region ?? services.regions[0] ?? '';
    services.metrics.socketOpened();
  }

  enter(): void {
    this.#run(async () => {
      if (!isUuidV7(this.#dropId)) return this.#end('DROP_NOT_FOUND');
      if (!this.#services.regions.includes(this.#region)) return this.#end('UNKNOWN_REGION');
      const room = await this.#services.rooms.enter(this.#dropId);
      if (typeof room === 'string') return this.#end(room);
      if (!this.#open) return this.#services.rooms.leave(this.#dropId);
      this.#room = room;
      this.#peer.subscribe(room.topic);
      this.tell(welcomeOf(room));
      for (const message of this.#early.splice(0)) this.#handle(room, message);
    });
  }

  message(frame: ArrayBuffer, binary: boolean): void {
    const decoded = decodeShopperFrame(frame, binary);
    if (!decoded.ok) this.#end(decoded.code, decoded.reason);
    else if (this.#room !== undefined) this.#handle(this.#room, decoded.message);
    else if (this.#early.length < EARLY_MESSAGES) this.#early.push(decoded.message);
    else this.#end('RATE_LIMITED');
  }

  closed(): void {
    this.#open = false;
    this.#stand();
    if (this.#shopperId !== undefined) this.#services.presence.remove(this.#shopperId, this);
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
        this.#run(() => this.#claim(room, message));
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

  async #join(room: Room, message: Extract<ShopperMessage, { t: 'join' }>): Promise<void> {
    // A second join while the first is under way has nothing to add.
    if (this.#standing.at === 'joining') return;
    this.#stand();
    this.#standing = { at: 'joining' };
    this.#toldPlace = undefined;
    const { token, ticket } = message;
    const shopperId = await identify(this.#services, { dropId: this.#dropId, token, ticket });
    if (shopperId === undefined) return this.#end('UNAUTHENTICATED');
    this.#appearAs(shopperId);
    await this.#takePlace(room, shopperId);
  }

  /** Joins the line, or collects what this shopper's place has become since. */
  async #takePlace(room: Room, shopperId: string): Promise<void> {
    const answer = await this.#services.line.join(this.#dropId, { shopperId, region: this.#region });
    if (!this.#open) return;
    if (!answer.ok) return this.#stayOutside(answer.code);
    const { reply } = answer;
    switch (reply.reply) {
      case 'WAITING':
        return this.#wait(room, shopperId, reply);
      case 'ADMITTED':
        return this.#admit(shopperId, reply);
      case 'NOT_STARTED':
      case 'ENDED':
      case 'LINE_FULL':
        return this.#stayOutside(reply.reply);
      default:
        return unreachable(reply);
    }
  }

  #wait(room: Room, shopperId: string, at: Extract<LineJoinReply, { reply: 'WAITING' }>): void {
    const seat: Seat = { place: at.place, called: () => this.#run(() => this.#takePlace(room, shopperId)) };
    this.#standing = { at: 'waiting', shopperId, seat };
    this.#tellTicket(shopperId, at.place);
    this.tell({ t: 'line', ...room.view(at.ahead) });
    room.sit(seat);
  }

  #admit(shopperId: string, at: Extract<LineJoinReply, { reply: 'ADMITTED' }>): void {
    const { place, region, passUntilMs } = at;
    this.#standing = { at: 'admitted', shopperId, region, passUntilMs };
    this.#tellTicket(shopperId, place);
    const pass = { dropId: this.#dropId, shopperId, region, expiresAtMs: passUntilMs };
    this.tell({ t: 'admitted', pass: this.#services.passports.pass(pass), expiresAt: passUntilMs });
  }

  async #claim(room: Room, message: Extract<ShopperMessage, { t: 'claim' }>): Promise<void> {
    const { key, sku, qty } = message;
    const standing = this.#standing;
    if (standing.at !== 'admitted') return this.#refuse('NOT_ADMITTED', key);
    const receivedAtMs = this.#services.clock.now();
    if (receivedAtMs >= standing.passUntilMs) return this.#refuse('PASS_EXPIRED', key);
    if (this.#claimsUnderWay >= LIMITS.claimsPerSocket) return this.#refuse('RATE_LIMITED', key);

    this.#claimsUnderWay += 1;
    const { shopperId, region, passUntilMs } = standing;
    const { drop } = room;
    try {
      const outcome = await claim(this.#services, { drop, shopperId, region, passUntilMs, message });
      const seconds = (this.#services.clock.now() - receivedAtMs) / 1_000;
      this.#services.metrics.decided(outcome.won ? 'WON' : outcome.code, seconds);
      if (outcome.won) {
        const { claimId, amount, holdUntil } = outcome;
        return this.tell({ t: 'claimed', key, claimId, sku, qty, amount, currency: drop.currency, holdUntil });
      }
      this.#refuse(outcome.code, key);
      if (outcome.code === 'SOLD_OUT') {
        this.tell({ t: 'sold-out', sku, region, anywhere: room.elsewhere(sku, region) });
      }
    } finally {
      this.#claimsUnderWay -= 1;
    }
  }

  async #leave(): Promise<void> {
    const standing = this.#standing;
    if (standing.at !== 'waiting' && standing.at !== 'admitted') return;
    this.#stand();
    await this.#services.line.leave(this.#dropId, [standing.shopperId]);
  }

  #stand(): void {
    if (this.#standing.at === 'waiting') this.#room?.stand(this.#standing.seat);
    this.#standing = { at: 'outside' };
  }

  #appearAs(shopperId: string): void {
    if (!this.#open || this.#shopperId === shopperId) return;
    if (this.#shopperId !== undefined) this.#services.presence.remove(this.#shopperId, this);
    this.#shopperId = shopperId;
    this.#services.presence.add(shopperId, this);
  }

  /** Once for each place: being admitted does not change it. */
  #tellTicket(shopperId: string, position: number): void {
    if (this.#toldPlace === position) return;
    this.#toldPlace = position;
    const ticket = this.#services.passports.ticket({ dropId: this.#dropId, shopperId });
    this.tell({ t: 'ticket', ticket, lane: this.#room?.drop.lanes[0]?.name ?? 'main', position });
  }

  #stayOutside(code: ErrorCode): void {
    this.#standing = { at: 'outside' };
    this.#refuse(code);
  }

  #refuse(code: ErrorCode, key?: string, text?: string): void {
    this.#services.metrics.refused(code);
    const { retryable } = describeError(code);
    this.tell({
      t: 'refused',
      code,
      ...(key === undefined ? {} : { key }),
      ...(retryable ? { retryAfterMs: RETRY_AFTER_MS } : {}),
      ...(text === undefined ? {} : { text }),
    });
  }

  /** Refuses and, where the catalogue says so, closes. */
  #end(code: ErrorCode, text?: string): void {
    this.#refuse(code, undefined, text);
    const { close } = describeError(code);
    if (close !== undefined) this.#peer.close(close, code);
  }

  #run(work: () => Promise<void> | void): void {
    Promise.resolve()
      .then(work)
      .catch((error: unknown) => {
        this.#services.log.error({ err: error, dropId: this.#dropId }, 'a message could not be handled');
        if (this.#standing.at === 'joining') this.#standing = { at: 'outside' };
        this.#refuse('INTERNAL');
      });
  }
}

const RETRY_AFTER_MS = 1_000;
