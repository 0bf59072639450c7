/**
 * The least that could be called a sale: per claim one decrement, one hash write for the hold, one event in the
 * outbox, which gets an entry a batch as the product's does.
 * No drop that can be paused, no limit per shopper, no answer for a repeated key, nothing that says when a hold ends, no
 * count of what is held. What it costs on this machine is the limit that the product is measured against.
 */
export const BARE_SKU = 'units';

export const BARE_SCRIPT = {
  name: 'bare',
  keys: ['stock', 'holds', 'outbox'],
  source: `local stock, holds, outbox = KEYS[1], KEYS[2], KEYS[3]
local answers, events = {}, {}
for at = 1, #ARGV, 3 do
  if redis.call('HINCRBY', stock, '${BARE_SKU}', -1) < 0 then
    redis.call('HINCRBY', stock, '${BARE_SKU}', 1)
    answers[#answers + 1] = 0
  else
    redis.call('HSET', holds, ARGV[at], ARGV[at + 1])
    events[#events + 1] = 'won'
    events[#events + 1] = ARGV[at + 2]
    answers[#answers + 1] = 1
  end
end
if #events > 0 then redis.call('XADD', outbox, '*', unpack(events)) end
return answers`,
} as const;
