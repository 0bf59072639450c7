const DAYS = 65_536;

/** Who was here last, as far as there is room: whole days from the last one back, and of the next day the first ones. */
export function lastActive(lastDays: Uint16Array, most: number): (user: number) => boolean {
  if (lastDays.length <= most) return () => true;
  const ofDay = new Uint32Array(DAYS);
  for (const day of lastDays) ofDay[day] = (ofDay[day] ?? 0) + 1;
  let from = DAYS;
  let room = most;
  while (from > 0 && (ofDay[from - 1] ?? 0) <= room) {
    from -= 1;
    room -= ofDay[from] ?? 0;
  }
  const active = lastDays.map((day) => (day >= from ? 1 : 0));
  for (let user = 0; user < lastDays.length && room > 0; user += 1) {
    if (lastDays[user] !== from - 1) continue;
    active[user] = 1;
    room -= 1;
  }
  return (user) => active[user] === 1;
}
