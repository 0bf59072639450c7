-- What happened to passes, in the order in which it happened; of the oldest of very many, the log keeps nothing.
local function logPasses(passLog, what, atMs, untilMs, shoppers)
  redis.call(
    'XADD', passLog, 'MAXLEN', '~', 100000, '*',
    'what', what, 'at', string.format('%d', atMs), 'until', untilMs, 'shoppers', table.concat(shoppers, ',')
  )
end
