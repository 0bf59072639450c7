/**
 * UUIDs by number and numbers by UUID, in some 28 bytes each: a map of strings takes 150, and threads cannot share it.
 * By open addressing; an id that comes again has the number that it had.
 */
export interface IdTable {
  readonly size: number;
  /** The number of the id whose 16 bytes begin at `at`; -1 when the table is full and does not have it. */
  add(bytes: Buffer, at: number): number;
  find(bytes: Buffer, at: number): number;
  addText(id: string): number;
  textOf(index: number): string;
  /** The 16 bytes of each, one after the other. */
  bytes(): Buffer;
}

const ID_BYTES = 16;
const WORDS = 4;
const SMALLEST = 1_024;
/** Of its places, so many eighths may be taken. */
const FULL_EIGHTHS = 5;

export function createIdTable(most: number): IdTable {
  let slots = new Int32Array(SMALLEST).fill(-1);
  let ids = Buffer.alloc(SMALLEST * ID_BYTES);
  let size = 0;
  const one = Buffer.alloc(ID_BYTES);

  const hash = (bytes: Buffer, at: number): number => {
    let mixed = 0x9e37_79b9;
    for (let word = 0; word < WORDS; word += 1) {
      mixed = Math.imul(mixed ^ bytes.readInt32LE(at + 4 * word), 0x85eb_ca6b);
      mixed ^= mixed >>> 15;
    }
    return mixed;
  };
  /** The slot that has it, or the free one where it belongs. */
  function slotOf(bytes: Buffer, at: number): number {
    const mask = slots.length - 1;
    let slot = hash(bytes, at) & mask;
    for (;;) {
      const index = slots[slot] ?? -1;
      if (index < 0 || ids.compare(bytes, at, at + ID_BYTES, index * ID_BYTES, (index + 1) * ID_BYTES) === 0)
        return slot;
      slot = (slot + 1) & mask;
    }
  }
  function grow(): void {
    slots = new Int32Array(2 * slots.length).fill(-1);
    const larger = Buffer.alloc(slots.length * ID_BYTES);
    ids.copy(larger);
    ids = larger;
    for (let index = 0; index < size; index += 1) slots[slotOf(ids, index * ID_BYTES)] = index;
  }
  const find = (bytes: Buffer, at: number): number => slots[slotOf(bytes, at)] ?? -1;
  function add(bytes: Buffer, at: number): number {
    const slot = slotOf(bytes, at);
    const known = slots[slot] ?? -1;
    if (known >= 0) return known;
    if (size >= most) return -1;
    bytes.copy(ids, size * ID_BYTES, at, at + ID_BYTES);
    slots[slot] = size;
    size += 1;
    if (size * 8 > slots.length * FULL_EIGHTHS) grow();
    return size - 1;
  }

  return {
    get size() {
      return size;
    },
    add,
    find,
    addText(id) {
      if (one.write(id.replaceAll('-', ''), 'hex') !== ID_BYTES) throw new RangeError(`${id} is no id.`);
      return add(one, 0);
    },
    textOf(index) {
      const hex = ids.toString('hex', index * ID_BYTES, (index + 1) * ID_BYTES);
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    },
    bytes: () => ids.subarray(0, size * ID_BYTES),
  };
}
