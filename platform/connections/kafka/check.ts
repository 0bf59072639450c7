import type { Check } from '../../health.ts';

export interface Asking {
  ask(): Promise<unknown>;
  close(): Promise<void>;
}

/** Asks over a connection that is kept while it answers, and is opened anew after it did not. */
export function createKafkaCheck(open: () => Promise<Asking>): Check & { close(): Promise<void> } {
  let asking: Asking | undefined;
  async function close(): Promise<void> {
    const old = asking;
    asking = undefined;
    await old?.close();
  }
  return {
    name: 'kafka',
    async check() {
      asking ??= await open();
      try {
        await asking.ask();
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}
