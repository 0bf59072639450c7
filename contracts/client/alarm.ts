/** One timer that is set anew or cleared, never doubled. */
export interface Alarm {
  set(afterMs: number, ring: () => void): void;
  clear(): void;
}

export function createAlarm(): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clear = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
  };
  return {
    set(afterMs, ring) {
      clear();
      timer = setTimeout(() => {
        timer = undefined;
        ring();
      }, afterMs);
    },
    clear,
  };
}
