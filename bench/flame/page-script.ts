/** What the page does in a browser: click to look closer, type to find. Without it the graph is still whole. */
export const PAGE_SCRIPT = `
'use strict';
const graph = document.getElementById('graph');
const boxes = [...graph.querySelectorAll('svg[data-l]')].map((box) => ({
  box,
  left: Number(box.dataset.l),
  width: Number(box.dataset.w),
  depth: Number(box.dataset.d),
  text: box.querySelector('title').textContent.toLowerCase(),
  rect: box.querySelector('rect'),
}));
const whole = boxes.find(({ depth }) => depth === 0);
const EPSILON = 1e-9;
let shown = whole;

function show(target) {
  shown = target;
  for (const one of boxes) {
    const isCaller = one.depth < target.depth && one.left <= target.left + EPSILON && one.left + one.width >= target.left + target.width - EPSILON;
    const isInside = one.depth >= target.depth && one.left >= target.left - EPSILON && one.left + one.width <= target.left + target.width + EPSILON;
    one.box.style.display = isCaller || isInside ? '' : 'none';
    const left = isCaller ? 0 : (one.left - target.left) / target.width;
    const width = isCaller ? 1 : one.width / target.width;
    one.box.setAttribute('x', left * 100 + '%');
    one.box.setAttribute('width', width * 100 + '%');
    one.box.classList.toggle('caller', isCaller);
  }
}

/** Of the whole: what lies inside another that was found is not counted twice. */
function find(words) {
  const found = words === '' ? [] : boxes.filter(({ text }) => text.includes(words));
  const among = new Set(found);
  for (const one of boxes) one.rect.classList.toggle('found', among.has(one));
  let share = 0;
  let until = -1;
  for (const one of [...found].sort((a, b) => a.left - b.left || b.width - a.width)) {
    if (one.left + EPSILON < until) continue;
    share += one.width;
    until = one.left + one.width;
  }
  document.getElementById('found').textContent = words === '' ? '' : (share * 100).toFixed(1) + ' % in ' + found.length + ' frames';
}

graph.addEventListener('click', (event) => {
  const clicked = boxes.find(({ box }) => box === event.target.closest('svg[data-l]'));
  if (clicked !== undefined) show(clicked === shown ? whole : clicked);
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') show(whole);
});
document.getElementById('all').addEventListener('click', () => show(whole));
document.getElementById('words').addEventListener('input', (event) => find(event.target.value.trim().toLowerCase()));
`;
