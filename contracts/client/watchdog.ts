/** Notices a connection that died without saying so: a phone that changed its network, an edge that lost its power. */
import { createAlarm } from './alarm.ts';

export interface WatchdogOptions {
  readonly now: () => number;
  readonly quietMs: number;
  readonly sayMs: number;
  readonly pongMs: number;
  ping(): void;
  dead(): void;
}

export interface Watchdog {
  start(): void;
  stop(): void;
  heard(): void;
  said(): void;
}

/** How many times within the shortest of its waits it looks. */
const LOOKS = 5;

export function createWatchdog({ now, quietMs, sayMs, pongMs, ping, dead }: WatchdogOptions): Watchdog {
  const alarm = createAlarm();
  const everyMs = Math.max(1, Math.min(quietMs, sayMs, pongMs) / LOOKS);
  let heardAtMs = 0;
  let saidAtMs = 0;
  let pingedAtMs: number | undefined;

  function look(): void {
    const nowMs = now();
    if (pingedAtMs !== undefined && nowMs - pingedAtMs >= pongMs) {
      dead();
      return;
    }
    if (pingedAtMs === undefined && (nowMs - heardAtMs >= quietMs || nowMs - saidAtMs >= sayMs)) {
      pingedAtMs = nowMs;
      ping();
    }
    alarm.set(everyMs, look);
  }

  return {
    start() {
      [heardAtMs, saidAtMs, pingedAtMs] = [now(), now(), undefined];
      alarm.set(everyMs, look);
    },
    stop: () => alarm.clear(),
    heard() {
      heardAtMs = now();
      pingedAtMs = undefined;
    },
    said() {
      saidAtMs = now();
    },
  };
}
