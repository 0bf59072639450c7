export type BareLineOrder =
  /** Its shoppers get the places behind this one. */
  | { readonly t: 'serve'; readonly firstPlace: number }
  /** Tells everybody. */
  | { readonly t: 'move'; readonly head: number };

export type BareLineReport = { readonly t: 'listening'; readonly port: number };
