/** Every Redis key of carts, made here and nowhere else. What one script touches shares a hash tag. */
export interface CartKeys {
  readonly cart: string;
  /** Who is writing the cart of an account into the database. */
  readonly writing: string;
}

export function cartKeys(prefix: string, userId: string): CartKeys {
  const owner = `${prefix}:{cart:${userId}}`;
  return { cart: `${owner}:copy`, writing: `${owner}:writing` };
}

/** Where store processes tell one another whose cart has changed. */
export function cartChannel(prefix: string): string {
  return `${prefix}:cart-changes`;
}
