/** The sockets of this edge that wait, by place. */

export interface Seat {
  readonly place: number;
  /** The head has reached this place: its pass can be collected. */
  called(): void;
}

export interface Seats {
  readonly size: number;
  add(seat: Seat): void;
  remove(seat: Seat): void;
  /** Takes out and gives every seat up to the head. */
  upTo(head: number): Seat[];
}

export function createSeats(): Seats {
  const byPlace = new Map<number, Set<Seat>>();
  let size = 0;
  let seenHead = 0;

  function take(place: number): Seat[] {
    const seats = [...(byPlace.get(place) ?? [])];
    byPlace.delete(place);
    size -= seats.length;
    return seats;
  }

  return {
    get size() {
      return size;
    },
    add(seat) {
      // One shopper may wait at one place with several sockets.
      const there = byPlace.get(seat.place) ?? new Set();
      if (!there.has(seat)) size += 1;
      there.add(seat);
      byPlace.set(seat.place, there);
      seenHead = Math.min(seenHead, seat.place - 1);
    },
    remove(seat) {
      const there = byPlace.get(seat.place);
      if (there?.delete(seat) !== true) return;
      size -= 1;
      if (there.size === 0) byPlace.delete(seat.place);
    },
    upTo(head) {
      const from = seenHead + 1;
      seenHead = Math.max(seenHead, head);
      // Whichever is the shorter way: along the places that the head passed, or over those who sit.
      if (head - from < byPlace.size) {
        const called: Seat[] = [];
        for (let place = from; place <= head; place += 1) called.push(...take(place));
        return called;
      }
      return [...byPlace.keys()].filter((place) => place <= head).flatMap(take);
    },
  };
}
