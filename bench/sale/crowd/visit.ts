/** One socket of one shopper, from its opening to its end: what is heard there, and what the kind of shopper is told of it. */
import { CLOSE } from '../../../contracts/close-codes.ts';
import { addressOf, type LineSocket, openLineSocket } from '../../sockets/line-socket.ts';
import { type Message, numberIn, readMessage, textIn } from '../../sockets/read-message.ts';
import type { Account } from './account.ts';
import type { Behaviour, Visit } from './behaviour.ts';
import { createClaiming } from './claiming.ts';
import { createEtaNote, type EtaNote } from './eta.ts';
import { noteAdmission, notePlace } from './milestones.ts';
import { claimOverHttp } from './over-http.ts';
import { judge } from './reasons.ts';
import type { World } from './world.ts';

export interface OpenVisit {
  /** Of the first socket of a shopper: the promise of when their turn comes, and whether it came. */
  readonly eta: EtaNote;
  readonly account: Account;
  readonly admittedAtMs: number | null;
  readonly isOver: boolean;
  /** Claims that nobody answered, and a join that nobody did. */
  readonly undecided: number;
  readonly unknown: number;
  readonly awaitsPlace: boolean;
  close(): void;
}

const RETRY_MS = 1_000;
const MOST_JOINS = 30;
const MOST_OPENINGS = 10;
/** Codes of a join that is worth repeating. */
const JOIN_AGAIN: ReadonlySet<string> = new Set(['BUSY', 'LINE_FULL', 'PLACE_LOST']);

export function openVisit(world: World, account: Account, behave: Behaviour, first: boolean): OpenVisit {
  const { plan, tally, heads } = world;
  const { kind, at } = account;
  const region = plan.regions[at % plan.regions.length] ?? '';
  const localAddress = addressOf(plan.crowd, at);
  const eta = createEtaNote();
  const attacks = behave.attacks === true;
  let line: LineSocket | undefined;
  let [openings, joins, edge] = [0, 0, at];
  let [isOver, isCut, awaitsPlace, wasPlaced] = [false, false, false, false];
  let [ticket, pass]: [string | undefined, string | undefined] = [undefined, undefined];
  let [passUntilMs, lastPassUntilMs] = [0, 0];
  let admittedAtMs: number | null = null;

  const claiming = createClaiming({
    ...{ world, account, attacks, region },
    passUntilMs: () => passUntilMs,
    lastPassUntilMs: () => lastPassUntilMs,
    send(text) {
      line?.send(text);
      return line !== undefined;
    },
    later: (afterMs, work) => visit.later(afterMs, work),
    onWon: () => behave.won?.(visit),
  });

  function open(): void {
    const port = plan.ports[edge % plan.ports.length] ?? 0;
    const path = `/v1/drops/${plan.dropId}/line?region=${region}`;
    const onText = (bytes: Buffer, from: number, to: number): void => {
      if (!heads.saw(bytes, from, to)) heard(readMessage(bytes.toString('utf8', from, to)));
    };
    openings += 1;
    openLineSocket({ host: '127.0.0.1', port, path, localAddress, onText, onClosed }).then(opened, notOpened);
  }

  function opened(socket: LineSocket): void {
    if (isOver || isCut) {
      socket.close();
      return;
    }
    world.opened();
    line = socket;
    if (behave.enter === undefined) join();
    else behave.enter(visit);
  }

  function notOpened(): void {
    if (openings < MOST_OPENINGS) visit.later(RETRY_MS, open);
    else tally.wrong('sockets that could not be opened');
  }

  function join(): void {
    joins += 1;
    awaitsPlace = true;
    const back = ticket === undefined ? {} : { ticket };
    line?.send(JSON.stringify({ t: 'join', token: account.token, nonce: `n${plan.crowd}-${at}`, ...back }));
  }

  function heard(message: Message): void {
    switch (message['t']) {
      case 'ticket':
        placed(message);
        break;
      case 'line':
        if (account.place > 0) eta.told(message);
        // Their pass is over, but what they asked with it can still be asked for.
        claiming.askAgain();
        break;
      case 'admitted':
        admitted(message);
        break;
      case 'claimed':
        claiming.claimed(message);
        break;
      case 'refused':
        refused(message);
        break;
      case 'sold-out':
        if (message['anywhere'] === true) behave.soldOut?.(visit);
        break;
      case 'order':
        ordered(message);
    }
  }

  function placed(message: Message): void {
    awaitsPlace = false;
    ticket = textIn(message, 'ticket');
    notePlace(world, account, textIn(message, 'entrant'), numberIn(message, 'position') ?? 0);
    if (wasPlaced) return;
    wasPlaced = true;
    behave.placed?.(visit);
  }

  function admitted(message: Message): void {
    awaitsPlace = false;
    pass = textIn(message, 'pass');
    passUntilMs = numberIn(message, 'expiresAt') ?? 0;
    lastPassUntilMs = passUntilMs;
    const isFirst = admittedAtMs === null;
    admittedAtMs ??= Date.now();
    noteAdmission(world, account);
    claiming.askAgain();
    if (isFirst) behave.admitted?.(visit);
  }

  function refused(message: Message): void {
    const code = textIn(message, 'code');
    tally.refused(kind, code);
    if (textIn(message, 'key') !== '') {
      const decided = claiming.refused(message);
      if (decided !== undefined) behave.refused?.(visit, decided);
      return;
    }
    awaitsPlace = false;
    if (!attacks) notJoined(code, message);
  }

  function notJoined(code: string, message: Message): void {
    if (code === 'PLACE_LOST') tally.wrong('places that were given up while somebody was there');
    if (code === 'ENDED') {
      world.toldEnded();
      visit.end();
    } else if (JOIN_AGAIN.has(code) && joins < MOST_JOINS) {
      visit.later(numberIn(message, 'retryAfterMs') ?? RETRY_MS, join);
    } else if (judge(code, facts()) === 'wrong') tally.wrong(`joins refused ${code} without a reason`);
  }

  function facts() {
    const { startsAtMs } = plan;
    return {
      nowMs: Date.now(),
      attacks,
      passUntilMs,
      lastPassUntilMs,
      startsAtMs,
      endedAtMs: world.endedAtMs,
      underWay: 0,
    };
  }

  function ordered(message: Message): void {
    const status = textIn(message, 'status');
    if (status !== 'CONFIRMED' && status !== 'CANCELLED') return;
    // All sockets of an account hear of it, and count it once.
    if (first) {
      tally.count(kind, status === 'CONFIRMED' ? 'paid' : 'cancelled');
      if (status === 'CONFIRMED') {
        tally.inSecond('paid');
        tally.paid(textIn(message, 'orderId'));
      }
    }
    behave.settled?.(visit, status);
  }

  function onClosed(code: number): void {
    world.closed();
    line = undefined;
    if (attacks || isOver) return;
    if (code === CLOSE.ENDED) {
      world.toldEnded();
      visit.end();
      return;
    }
    tally.wrong(`sockets closed with ${code}`);
    claiming.asks.lose();
    isCut = true;
    visit.later(RETRY_MS, () => visit.comeBack());
  }

  function drop(): void {
    if (line === undefined) return;
    line.close();
    line = undefined;
    world.closed();
  }

  const visit: Visit = {
    at,
    sku: plan.sku,
    limit: plan.perShopperLimit,
    random: world.random,
    get clicks() {
      return claiming.asks.clicks;
    },
    get ticket() {
      return ticket;
    },
    get pass() {
      return passUntilMs > Date.now() ? pass : undefined;
    },
    get wins() {
      return account.wins;
    },
    get isSelling() {
      return heads.stock > 0;
    },
    claim: (asked = {}) => claiming.claim(asked),
    send: (text) => line?.send(text),
    leave() {
      if (claiming.asks.undecided > 0) return;
      line?.send('{"t":"leave"}');
      visit.end();
    },
    end() {
      // Who goes before the answer is there would never know; it is on its way.
      if (claiming.asks.undecided > 0 && line !== undefined) {
        visit.later(RETRY_MS, visit.end);
        return;
      }
      isOver = true;
      drop();
    },
    cut() {
      isCut = true;
      claiming.asks.lose();
      drop();
    },
    comeBack() {
      // Cut off twice, and back already.
      if (!isCut) return;
      isCut = false;
      passUntilMs = 0;
      edge += 1;
      world.cutAndBack();
      open();
    },
    another: (other) => world.enter(account, other),
    async claimOverHttp(captured) {
      const port = plan.ports[edge % plan.ports.length] ?? 0;
      const key = world.nextKey(account);
      const asked = { port, localAddress, dropId: plan.dropId, pass: captured, key, sku: plan.sku };
      const { status, claimId } = await claimOverHttp(asked);
      if (claimId !== '') claiming.wonOverHttp(claimId);
      return status;
    },
    later(afterMs, work) {
      const dueMs = performance.now() + afterMs;
      setTimeout(() => {
        if (!isOver) work(dueMs);
      }, afterMs);
    },
    note: (what) => tally.refused(kind, what),
    wrong: (what) => tally.wrong(what),
  };
  open();
  return {
    eta,
    account,
    get admittedAtMs() {
      return admittedAtMs;
    },
    get isOver() {
      return isOver;
    },
    get undecided() {
      return claiming.asks.undecided;
    },
    get unknown() {
      return claiming.asks.unknown;
    },
    get awaitsPlace() {
      return awaitsPlace;
    },
    close() {
      isOver = true;
      drop();
    },
  };
}
