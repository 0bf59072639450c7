export interface DriverUnderWay {
  /** Claims until told to stop, and then until everything that was asked is answered. */
  run(goesOn: () => boolean): Promise<void>;
  close(): Promise<void>;
}
