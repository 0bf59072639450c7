/** What a service needs of Node's `process`; a main.ts hands the real one in, a test its own. */
export interface ServiceProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
  exit(code: number): void;
  /** Of a process that was forked: whether its parent is still there. */
  readonly connected?: boolean;
  readonly send?: ((message: object) => unknown) | undefined;
  readonly stderr: { write(text: string): unknown };
}
