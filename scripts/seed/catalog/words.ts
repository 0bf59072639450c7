/** What the made-up catalog is made of. Adding at the end of a list changes every product: the queries of search-quality too. */
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

const leaf = (
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

const CLOTHES = 'XS, S, M, L, XL';
const SHOES = '37, 38, 39, 40, 41, 42, 43, 44, 45';
const CLOTH = 'cotton, linen, wool, merino, denim, flannel';
const WOOD = 'oak, ash, walnut, bamboo, beech, birch';
const METAL = 'steel, aluminium, brass, copper, titanium';
const PLASTIC = 'polycarbonate, aluminium, silicone, glass';

export const DEPARTMENTS: readonly Department[] = [
  {
    slug: 'seed-fashion',
    name: 'Fashion',
    leaves: [
      leaf(
        'seed-tops',
        'Tops',
        'shirt, t-shirt, blouse, polo shirt, tank top',
        CLOTH,
        'office, summer, travel',
        [12, 90],
        CLOTHES,
      ),
      leaf(
        'seed-knitwear',
        'Knitwear',
        'sweater, cardigan, hoodie, pullover',
        'wool, merino, cashmere, cotton',
        'winter, evenings, hiking',
        [25, 220],
        CLOTHES,
      ),
      leaf(
        'seed-trousers',
        'Trousers',
        'jeans, chinos, shorts, leggings, trousers',
        CLOTH,
        'office, yoga, weekends',
        [20, 140],
        CLOTHES,
      ),
      leaf(
        'seed-jackets',
        'Jackets',
        'rain jacket, parka, blazer, windbreaker, coat',
        'wool, nylon, cotton, denim',
        'rain, winter, city',
        [45, 480],
        CLOTHES,
      ),
      leaf(
        'seed-footwear',
        'Footwear',
        'sneakers, boots, sandals, loafers, running shoes',
        'leather, suede, canvas, mesh',
        'running, city, trails',
        [35, 320],
        SHOES,
      ),
      leaf(
        'seed-bags',
        'Bags',
        'backpack, tote bag, wallet, messenger bag, suitcase',
        'leather, canvas, nylon, recycled polyester',
        'commuting, travel, school',
        [15, 380],
      ),
      leaf(
        'seed-jewellery',
        'Jewellery',
        'necklace, bracelet, earrings, ring, watch',
        'silver, gold, steel, titanium',
        'gifts, weddings, everyday',
        [18, 1400],
      ),
    ],
  },
  {
    slug: 'seed-home',
    name: 'Home and living',
    leaves: [
      leaf(
        'seed-lighting',
        'Lighting',
        'desk lamp, floor lamp, pendant lamp, wall sconce, lantern',
        `${WOOD}, ${METAL}`,
        'reading, dining, hallways',
        [18, 420],
      ),
      leaf(
        'seed-furniture',
        'Furniture',
        'sofa, armchair, bookcase, coffee table, dining table, bed frame, stool',
        WOOD,
        'small rooms, families, studios',
        [60, 2400],
      ),
      leaf(
        'seed-textiles',
        'Textiles',
        'blanket, cushion, curtain, duvet cover, rug, towel',
        CLOTH,
        'bedrooms, bathrooms, guests',
        [10, 260],
      ),
      leaf(
        'seed-cookware',
        'Cookware',
        'frying pan, saucepan, casserole, wok, roasting tin',
        'cast iron, steel, copper, aluminium',
        'induction, gas, ovens',
        [18, 310],
      ),
      leaf(
        'seed-tableware',
        'Tableware',
        'mug, plate, bowl, teapot, carafe, glass',
        'stoneware, porcelain, glass, bamboo',
        'breakfast, picnics, parties',
        [6, 120],
      ),
      leaf(
        'seed-appliances',
        'Kitchen appliances',
        'kettle, toaster, blender, coffee grinder, espresso machine, air fryer',
        METAL,
        'families, small kitchens, offices',
        [24, 890],
      ),
      leaf(
        'seed-storage',
        'Storage',
        'basket, shelf, storage box, coat rack, drawer organiser',
        `${WOOD}, rattan, steel`,
        'hallways, wardrobes, desks',
        [8, 190],
      ),
    ],
  },
  {
    slug: 'seed-electronics',
    name: 'Electronics',
    leaves: [
      leaf(
        'seed-audio',
        'Audio',
        'headphones, earbuds, soundbar, bluetooth speaker, turntable',
        PLASTIC,
        'travel, studios, parties',
        [22, 990],
      ),
      leaf(
        'seed-phones',
        'Phones',
        'smartphone, phone case, charger, screen protector, power bank',
        PLASTIC,
        'travel, outdoors, gaming',
        [9, 1300],
      ),
      leaf(
        'seed-computers',
        'Computers',
        'laptop, keyboard, mouse, monitor, docking station, webcam',
        PLASTIC,
        'coding, gaming, offices',
        [19, 2900],
      ),
      leaf(
        'seed-cameras',
        'Cameras',
        'camera, tripod, lens, camera bag, action camera',
        'aluminium, carbon, magnesium',
        'travel, portraits, video',
        [25, 3200],
      ),
      leaf(
        'seed-gaming',
        'Gaming',
        'controller, gaming chair, headset, console, joystick',
        PLASTIC,
        'racing, shooters, couches',
        [25, 620],
      ),
      leaf(
        'seed-wearables',
        'Wearables',
        'smartwatch, fitness tracker, heart rate monitor, smart ring',
        'titanium, silicone, steel',
        'running, swimming, sleep',
        [29, 700],
      ),
    ],
  },
  {
    slug: 'seed-outdoor',
    name: 'Sport and outdoor',
    leaves: [
      leaf(
        'seed-camping',
        'Camping',
        'tent, sleeping bag, camping stove, hammock, headlamp, cooler',
        'nylon, aluminium, down, polyester',
        'families, festivals, alpine tours',
        [14, 780],
      ),
      leaf(
        'seed-cycling',
        'Cycling',
        'bicycle, bike helmet, bike lock, saddle, bike pump, pannier',
        'aluminium, carbon, steel, leather',
        'commuting, gravel, racing',
        [12, 3400],
      ),
      leaf(
        'seed-fitness',
        'Fitness',
        'yoga mat, dumbbell, kettlebell, jump rope, resistance band, rowing machine',
        'rubber, cork, cast iron, steel',
        'home, studios, beginners',
        [8, 950],
      ),
      leaf(
        'seed-water',
        'Water sports',
        'wetsuit, surfboard, kayak, paddle, snorkel, swimming goggles',
        'neoprene, fibreglass, silicone, carbon',
        'waves, lakes, pools',
        [12, 1500],
      ),
      leaf(
        'seed-winter',
        'Winter sports',
        'skis, snowboard, ski goggles, sledge, ski poles',
        'carbon, wood, aluminium, polycarbonate',
        'powder, pistes, children',
        [25, 1100],
      ),
    ],
  },
  {
    slug: 'seed-family',
    name: 'Toys and family',
    leaves: [
      leaf(
        'seed-toys',
        'Toys',
        'puzzle, building blocks, doll, toy train, plush bear, kite',
        'wood, cotton, felt, cardboard',
        'toddlers, birthdays, rainy days',
        [7, 160],
      ),
      leaf(
        'seed-games',
        'Board games',
        'board game, card game, dice set, chess set, domino',
        'wood, cardboard, resin',
        'families, parties, travel',
        [8, 130],
      ),
      leaf(
        'seed-baby',
        'Baby',
        'stroller, crib, baby carrier, high chair, pacifier',
        'cotton, beech, aluminium, silicone',
        'newborns, travel, twins',
        [6, 980],
      ),
      leaf(
        'seed-pets',
        'Pets',
        'dog bed, cat tree, leash, pet carrier, aquarium, bird feeder',
        'nylon, sisal, glass, cotton',
        'puppies, large dogs, flats',
        [7, 320],
      ),
    ],
  },
  {
    slug: 'seed-garden',
    name: 'Garden and tools',
    leaves: [
      leaf(
        'seed-gardening',
        'Gardening',
        'watering can, pruning shears, planter, garden hose, spade, wheelbarrow',
        'steel, terracotta, rubber, zinc',
        'balconies, roses, vegetables',
        [9, 240],
      ),
      leaf(
        'seed-tools',
        'Tools',
        'cordless drill, screwdriver, hammer, saw, toolbox, wrench',
        'steel, chrome, titanium, fibreglass',
        'workshops, beginners, renovation',
        [8, 460],
      ),
      leaf(
        'seed-barbecue',
        'Barbecue',
        'charcoal grill, gas grill, smoker, grill tongs, fire pit',
        'steel, cast iron, aluminium',
        'terraces, festivals, families',
        [14, 1200],
      ),
    ],
  },
  {
    slug: 'seed-beauty',
    name: 'Beauty and health',
    leaves: [
      leaf(
        'seed-skincare',
        'Skincare',
        'face cream, serum, sunscreen, cleanser, lip balm',
        'aloe, shea, jojoba, vitamin c',
        'dry skin, sensitive skin, summer',
        [6, 110],
      ),
      leaf(
        'seed-hair',
        'Hair care',
        'shampoo, conditioner, hair dryer, hairbrush, hair mask',
        'argan, keratin, ceramic, bamboo',
        'curls, fine hair, travel',
        [5, 260],
      ),
      leaf(
        'seed-fragrance',
        'Fragrance',
        'perfume, candle, diffuser, incense, room spray',
        'cedar, lavender, bergamot, vanilla',
        'evenings, gifts, bathrooms',
        [9, 190],
      ),
      leaf(
        'seed-wellness',
        'Wellness',
        'massage gun, heating pad, humidifier, electric toothbrush, scale',
        'silicone, ceramic, glass, cotton',
        'recovery, sleep, winter',
        [12, 340],
      ),
    ],
  },
  {
    slug: 'seed-culture',
    name: 'Books and office',
    leaves: [
      leaf(
        'seed-stationery',
        'Stationery',
        'notebook, fountain pen, planner, pencil case, sketchbook',
        'leather, recycled paper, brass, linen',
        'sketching, school, journaling',
        [4, 140],
      ),
      leaf(
        'seed-books',
        'Books',
        'cookbook, travel guide, novel, atlas, field guide',
        'paperback, hardcover, linen',
        'beginners, gifts, long trains',
        [8, 75],
      ),
      leaf(
        'seed-music',
        'Musical instruments',
        'guitar, ukulele, keyboard stand, violin, drum pad, harmonica',
        'spruce, maple, mahogany, brass',
        'beginners, stages, studios',
        [12, 1900],
      ),
    ],
  },
];

const words = (text: string) => text.split(' ');

export const ADJECTIVES = words(
  'compact foldable classic lightweight handmade waterproof minimalist vintage modern rugged slim portable premium organic ergonomic insulated adjustable breathable durable elegant',
);
export const COLORS = words('black white navy olive sand terracotta grey burgundy mustard teal rose ivory');
export const COLLECTIONS = words(
  'Aurora Fjord Solstice Meridian Tundra Saffron Harbor Juniper Cobalt Zephyr Marlow Kestrel Larkspur Onyx Pavilion Quarry Rowan Sierra Thistle Umbra Vesper Willow Yarrow Zenith Alder Brume Cinder Delta Ember Fable Grove Haven Indigo Jasper Kelp Lumen Mistral Nimbus Orchard Prairie',
);
export const BRAND_STARTS = words(
  'Nor Vel Kas Bry Tol Mar Esk Fen Hal Jor Lin Ost Per Quil Ros Sol Tam Ulv Wex Yar Zan Cal Dun Elm Gri Hov Ika Kor',
);
export const BRAND_MIDDLES = words('a e i o an en in or ar el');
export const BRAND_ENDS = words('vik dal mer ton by sund ford lund wick more');

/** What shoppers call what the catalog calls otherwise. */
export const SYNONYMS: readonly (readonly string[])[] = [
  ['sofa', 'couch', 'settee'],
  ['sneakers', 'trainers'],
  ['trousers', 'pants'],
  ['bicycle', 'push bike'],
  ['laptop', 'notebook computer'],
  ['smartphone', 'mobile phone', 'cell phone'],
  ['stroller', 'pram', 'buggy'],
  ['sweater', 'jumper'],
  ['headlamp', 'head torch'],
  ['jewellery', 'jewelry'],
];
