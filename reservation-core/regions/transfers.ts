/**
 * Moves unsold units from one region to another, in two journalled steps: out of the one, then into the other. Each step
 * can be done again and changes nothing then; between them the units are nobody's to sell. Whoever finds a transfer
 * that is open finishes it.
 */
import { stockTransferClose } from '../generated/stock-transfer-close.ts';
import { stockTransferIn } from '../generated/stock-transfer-in.ts';
import { stockTransferOut } from '../generated/stock-transfer-out.ts';
import type { Keys } from '../keys.ts';
import { requireRegion, type Shards } from '../shards.ts';
import { parseJournal, type Transfer } from './journal.ts';

export type { Transfer };

/** STALE: the id is older than what was settled between these regions. Nothing was moved. */
export type TransferResult = 'MOVED' | 'SHORT' | 'STALE' | 'KEY_REUSED';

export interface Transfers {
  move(dropId: string, transfer: Transfer): Promise<TransferResult>;
  /** Transfers that left a region and were not noted as arrived. */
  open(dropId: string, region: string): Promise<Transfer[]>;
  /** The second step, and the note that it was done. */
  finish(dropId: string, transfer: Transfer): Promise<void>;
}

export function createTransfers(options: { shards: Shards; keys: Keys }): Transfers {
  const { shards, keys } = options;

  async function finish(dropId: string, transfer: Transfer): Promise<void> {
    const { transferId, sku, units, fromRegion, toRegion } = transfer;
    const receiver = requireRegion(shards, toRegion);
    const args = { transferId, sku, units, fromRegion };
    const received = await stockTransferIn(receiver.scripts, keys.stock(dropId, toRegion), args);
    if (received.reply === 'KEY_REUSED') {
      throw new Error(`The transfer ${transferId} of ${dropId} arrived in ${toRegion} with other content.`);
    }
    const sender = requireRegion(shards, fromRegion);
    await stockTransferClose(sender.scripts, keys.stock(dropId, fromRegion), { transferId });
  }

  return {
    finish,
    async move(dropId, transfer) {
      const { transferId, sku, units, fromRegion, toRegion } = transfer;
      // Before the first step: a receiver that is not there must not get units sent.
      requireRegion(shards, toRegion);
      const sender = requireRegion(shards, fromRegion);
      const args = { transferId, sku, units, toRegion };
      const sent = await stockTransferOut(sender.scripts, keys.stock(dropId, fromRegion), args);
      if (sent.reply === 'SHORT' || sent.reply === 'STALE' || sent.reply === 'KEY_REUSED') return sent.reply;
      await finish(dropId, transfer);
      return 'MOVED';
    },
    async open(dropId, region) {
      const fields = await requireRegion(shards, region).redis.hgetall(keys.stock(dropId, region).journal);
      return [...parseJournal(fields, region).open];
    },
  };
}
