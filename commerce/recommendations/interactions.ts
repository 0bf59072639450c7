/**
 * What shoppers did, collected column by column in bounded memory: 15 bytes each, in memory that threads share. When there
 * are too many, the oldest days go, a quarter of all at a time.
 */

export const KINDS = ['order', 'review', 'wishlist', 'view'] as const;
export type Kind = (typeof KINDS)[number];

export interface Columns {
  readonly count: number;
  readonly users: Uint32Array;
  readonly products: Uint32Array;
  /** Days since 1970. */
  readonly days: Uint16Array;
  /** By its place in KINDS. */
  readonly kinds: Uint8Array;
  /** Stars of a review, otherwise 1. */
  readonly amounts: Float32Array;
}

export interface Interactions {
  add(user: number, product: number, kind: number, day: number, amount: number): void;
  columns(): Columns;
  /** How many had to be left out. */
  readonly leftOut: number;
}

const FIRST = 4_096;

export function createInteractions(most: number): Interactions {
  let room = makeRoom(Math.min(FIRST, most));
  let count = 0;
  let leftOut = 0;
  let firstDay = 0;

  function grow(): void {
    const larger = makeRoom(Math.min(most, 2 * room.users.length));
    larger.users.set(room.users);
    larger.products.set(room.products);
    larger.days.set(room.days);
    larger.kinds.set(room.kinds);
    larger.amounts.set(room.amounts);
    room = larger;
  }
  function forgetOldest(): void {
    firstDay = dayToKeepFrom(room.days, count);
    const kept = compact(room, count, firstDay);
    leftOut += count - kept;
    count = kept;
  }

  return {
    get leftOut() {
      return leftOut;
    },
    add(user, product, kind, day, amount) {
      if (day < firstDay) {
        leftOut += 1;
        return;
      }
      if (count === room.users.length) {
        if (count < most) grow();
        else forgetOldest();
      }
      room.users[count] = user;
      room.products[count] = product;
      room.days[count] = day;
      room.kinds[count] = kind;
      room.amounts[count] = amount;
      count += 1;
    },
    columns: () => ({ count, ...room }),
  };
}

type Room = Omit<Columns, 'count'>;

/** Whole days, so that what is kept does not hang on the order in which it came: at least a quarter goes. */
function dayToKeepFrom(days: Uint16Array, count: number): number {
  const ofDay = new Uint32Array(65_536);
  for (const day of days.subarray(0, count)) ofDay[day] = (ofDay[day] ?? 0) + 1;
  let [day, gone] = [0, 0];
  for (; gone < count / 4; day += 1) gone += ofDay[day] ?? 0;
  return day;
}

function compact({ users, products, days, kinds, amounts }: Room, count: number, firstDay: number): number {
  let kept = 0;
  for (let at = 0; at < count; at += 1) {
    if ((days[at] ?? 0) < firstDay) continue;
    users[kept] = users[at] ?? 0;
    products[kept] = products[at] ?? 0;
    days[kept] = days[at] ?? 0;
    kinds[kept] = kinds[at] ?? 0;
    amounts[kept] = amounts[at] ?? 0;
    kept += 1;
  }
  return kept;
}

function makeRoom(length: number): Room {
  return {
    users: new Uint32Array(new SharedArrayBuffer(4 * length)),
    products: new Uint32Array(new SharedArrayBuffer(4 * length)),
    days: new Uint16Array(new SharedArrayBuffer(2 * length)),
    kinds: new Uint8Array(new SharedArrayBuffer(length)),
    amounts: new Float32Array(new SharedArrayBuffer(4 * length)),
  };
}
