/** The sockets of this edge that wait: by lane and place, or in the lobby, where nobody has a place yet. */

export interface Seat {
  readonly lane: string;
  /** Undefined before the draw. */
  readonly place: number | undefined;
  /** The head has reached this place, or the draw has given it one: it is time to ask what has become of it. */
  called(): void;
}

export interface Seats {
  readonly size: number;
  add(seat: Seat): void;
  remove(seat: Seat): void;
  /** Takes out and gives every seat of the lane up to the head. */
  upTo(lane: string, head: number): Seat[];
  /** Takes out and gives up to `most` of those in the lobby. */
  fromLobby(most: number): Seat[];
}

export function createSeats(): Seats {
  const lobby = new Set<Seat>();
  const lanes = new Map<string, LaneSeats>();
  const laneOf = (lane: string): LaneSeats => {
    const known = lanes.get(lane) ?? createLaneSeats();
    lanes.set(lane, known);
    return known;
  };
  return {
    get size() {
      let size = lobby.size;
      for (const lane of lanes.values()) size += lane.size;
      return size;
    },
    add(seat) {
      if (seat.place === undefined) lobby.add(seat);
      else laneOf(seat.lane).add(seat, seat.place);
    },
    remove(seat) {
      if (seat.place === undefined) lobby.delete(seat);
      else laneOf(seat.lane).remove(seat, seat.place);
    },
    upTo: (lane, head) => lanes.get(lane)?.upTo(head) ?? [],
    fromLobby(most) {
      const seats: Seat[] = [];
      for (const seat of lobby) if (seats.push(seat) >= most) break;
      for (const seat of seats) lobby.delete(seat);
      return seats;
    },
  };
}

interface LaneSeats {
  readonly size: number;
  add(seat: Seat, place: number): void;
  remove(seat: Seat, place: number): void;
  upTo(head: number): Seat[];
}

function createLaneSeats(): LaneSeats {
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
    add(seat, place) {
      // One shopper may wait at one place with several sockets.
      const there = byPlace.get(place) ?? new Set();
      if (!there.has(seat)) size += 1;
      there.add(seat);
      byPlace.set(place, there);
      seenHead = Math.min(seenHead, place - 1);
    },
    remove(seat, place) {
      const there = byPlace.get(place);
      if (there?.delete(seat) !== true) return;
      size -= 1;
      if (there.size === 0) byPlace.delete(place);
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
