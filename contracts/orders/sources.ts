/** Where an order came from: won in a drop, or bought in the store. Its twin is the enum order_source of the database. */
export type OrderSource = 'drop' | 'store';
