/** The side of a crew's child: its orders one after the other, and the way to report. */
import type { Failed, Note } from './crew.ts';

export interface Member<Order, Report> {
  next(): Promise<Order>;
  report(report: Report): void;
}

/** Works until the parent lets go; a failure is reported, not thrown into the terminal. */
export function joinCrew<Order extends Note, Report extends Note>(
  work: (member: Member<Order, Report>) => Promise<void>,
): void {
  // Ctrl-C reaches the whole group of processes; the bench ends its children itself, and its end is theirs.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));
  const waiting: Order[] = [];
  let wake: (() => void) | undefined;
  process.on('message', (order: Order) => {
    waiting.push(order);
    wake?.();
  });
  const member: Member<Order, Report> = {
    async next() {
      for (;;) {
        const order = waiting.shift();
        if (order !== undefined) return order;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    report: tell,
  };
  work(member).catch((error: unknown) => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell<Failed>({ t: 'failed', reason });
  });
}

function tell<T extends Note>(note: T): void {
  // A parent that has gone asks for nothing any more.
  if (process.connected) process.send?.(note);
}
