/** What a reader has to know to read the figures right. */
import { CONNECTIONS } from './contender.ts';
import { COMMON_PER_SECOND, KILL, SCARCE } from './turn.ts';

export interface ToTell {
  readonly fsyncMs: number;
  readonly runs: number;
  readonly disturbed: number;
  readonly generatorFull: readonly string[];
}

export function notesOf({ fsyncMs, runs, disturbed, generatorFull }: ToTell): string[] {
  return [
    `One generator asks all of them, in a process of its own, over ${CONNECTIONS} keep-alive connections (or sockets, for ours over WebSocket), each shopper for one unit. Each has one web server process; generator, servers, Redis, Kafka and PostgreSQL share the cores of this machine.`,
    'Redis counter, then an insert: Fastify, a Lua script that checks and decrements, auto-pipelining, then an insert into PostgreSQL within the request; a failed insert gives the unit back. Once with Redis as it comes (snapshots, no log), once with appendfsync always as ours has it.',
    'PostgreSQL, UPDATE: a row with what is left, decremented while it is above nothing; SKIP LOCKED: a row for each unit. Unit and order are one statement, prepared.',
    'Ours: an edge, a relay and an orders worker as in production, appendfsync always. A decision is durable when it is answered, its order (with item and payment rows) follows through Kafka; orders/s counts from the first claim to the commit of the last order.',
    'What the peers do not do: no line and so no fairness, no limit per shopper, no answer kept for a repeated key, no hold that ends and comes back, no payment, no pause, no second region, no limit per address. Ours does all of it in these runs; its shoppers have stood in line for their pass before the clock starts.',
    'Sold out: over HTTP ours asks Redis for each claim, since its key may be that of a claim that won; a socket knows its own keys, and is answered from memory.',
    'An order of a peer is one row. Ours writes an order, an item, a payment, a history and an event.',
    `At half: an open loop (Poisson) at half of the contender's own decisions/s of that round, and once at ${COMMON_PER_SECOND}/s for all. A claim counts its time from when it was due, also while it waits for a free connection (coordinated omission).`,
    `The last units: ${SCARCE.units} asked for ${SCARCE.asks} times. Killed: ${KILL.units} units, all processes of the contender (not its Redis, Kafka, PostgreSQL) get SIGKILL after ${KILL.atWins} wins and are started again; who got no answer asks again, with the same key where keys are known.`,
    'Units of nobody: taken from the counter by a process that died before its order was written; they are sold to nobody until somebody counts. Ours settles only when Kafka has missed the orders worker that died, ten seconds later; nobody waits for that but the rows. Orders nobody knows of: committed, but the answer was lost; asked again, the shopper bought a second one or was told that all is gone.',
    `What peers lose or oversell is a figure here; only the books of ours decide about this run. An fsync took ${fsyncMs} ms.`,
    ...(generatorFull.length > 0
      ? [`The generator was the bottleneck of: ${generatorFull.join('; ')}. They can do more.`]
      : []),
    ...(disturbed > 0
      ? [`Other programs were using the machine in ${disturbed} of ${runs} runs: the absolute figures are too low.`]
      : []),
  ];
}
