/**
 * The end of an edge that is asked to stop. Its sockets are sent away spread over a time: twenty thousand that all come
 * back in the same moment would be a storm for the edges that are left. What is being answered over HTTP is waited for.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS } from '../contracts/limits.ts';
import type { HttpHandler, Routes } from './transport/server.ts';

export interface Draining<Peer> {
  /** A socket has opened; one that comes while the others are sent away goes with them, and is answered false. */
  opened(peer: Peer): boolean;
  closed(peer: Peer): void;
  /** The routes, whose answers `drain` waits for. */
  watched(routes: Routes): Routes;
  /** Sends everybody away within the time, and lets what is being answered be answered. */
  drain(withinMs: number): Promise<void>;
}

export function createDraining<Peer>(sendAway: (peer: Peer) => void): Draining<Peer> {
  const peers = new Set<Peer>();
  let isDraining = false;
  let answering = 0;
  let allAnswered: (() => void) | undefined;

  function watch(handler: HttpHandler): HttpHandler {
    return async (parameters, question) => {
      answering += 1;
      try {
        return await handler(parameters, question);
      } finally {
        answering -= 1;
        if (answering === 0) allAnswered?.();
      }
    };
  }

  async function sendAllAway(withinMs: number): Promise<void> {
    const steps = Math.max(1, Math.floor(withinMs / INTERVALS.drainStepMs));
    const all = [...peers];
    const each = Math.ceil(all.length / steps);
    for (let at = 0; at < all.length; at += each) {
      for (const peer of all.slice(at, at + each)) sendAway(peer);
      if (at + each < all.length) await delay(INTERVALS.drainStepMs);
    }
  }

  return {
    opened(peer) {
      if (isDraining) {
        // It was on its way when the port was closed.
        sendAway(peer);
        return false;
      }
      peers.add(peer);
      return true;
    },
    closed: (peer) => void peers.delete(peer),
    watched: (routes) => Object.fromEntries(Object.entries(routes).map(([route, handler]) => [route, watch(handler)])),
    async drain(withinMs) {
      isDraining = true;
      await sendAllAway(withinMs);
      const answered = new Promise<void>((resolve) => {
        allAnswered = resolve;
        if (answering === 0) resolve();
      });
      // Requests that go on coming on connections that are kept open do not hold up the end.
      await Promise.race([answered, delay(withinMs, undefined, { ref: false })]);
    },
  };
}
