/** What the bare server is asked to be. */
export type BareOrder =
  | {
      readonly t: 'serve';
      /** `sale`: each claim through the bare script. `memory`: refused at once, nothing is asked. */
      readonly how: 'sale' | 'memory';
      readonly redisUrl: string;
      readonly dropId: string;
      readonly region: string;
    }
  | { readonly t: 'stop' };

export type BareReport = { readonly t: 'listening'; readonly port: number };
