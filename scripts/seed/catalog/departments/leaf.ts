/** What a department of the made-up catalog is made of. */
export interface Leaf {
  readonly slug: string;
  readonly name: string;
  readonly nouns: readonly string[];
  readonly materials: readonly string[];
  readonly uses: readonly string[];
  /** The cheapest and the dearest, in whole units of the currency. */
  readonly price: readonly [number, number];
  readonly sizes?: readonly string[];
}

export interface Department {
  readonly slug: string;
  readonly name: string;
  readonly leaves: readonly Leaf[];
}

export const leaf = (
  slug: string,
  name: string,
  nouns: string,
  materials: string,
  uses: string,
  price: readonly [number, number],
  sizes?: string,
): Leaf => {
  const list = (text: string) => text.split(', ');
  return {
    ...{ slug, name, price, nouns: list(nouns), materials: list(materials), uses: list(uses) },
    ...(sizes === undefined ? {} : { sizes: list(sizes) }),
  };
};

export const CLOTHES = 'XS, S, M, L, XL';
export const SHOES = '37, 38, 39, 40, 41, 42, 43, 44, 45';
export const CLOTH = 'cotton, linen, wool, merino, denim, flannel';
export const WOOD = 'oak, ash, walnut, bamboo, beech, birch';
export const METAL = 'steel, aluminium, brass, copper, titanium';
export const PLASTIC = 'polycarbonate, aluminium, silicone, glass';
