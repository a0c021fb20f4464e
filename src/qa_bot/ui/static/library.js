// The buttons of the table and of the remark above it: remove, undo, sort, turn the page, lift a filter.
element.addEventListener('click', (event) => {
  if (event.target.closest('a[href="#unfilter/name"]')) {
    event.preventDefault();
    trigger('unname');
    return;
  }
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.remove) {
    window.qaRemoved = true;
    picked.delete(button.dataset.remove);
    trigger('remove', { id: button.dataset.remove });
  }
  if (button.dataset.correct) {
    window.qaCorrecting = button.dataset.correct;
    trigger('correct', { ids: [button.dataset.correct] });
  }
  if ('several' in button.dataset) several(button.dataset.several);
  if (button.dataset.undo) trigger('undo');
  if (button.dataset.order) trigger('order', { by: button.dataset.order });
  if (button.dataset.page) trigger('turn', { step: button.dataset.page });
});

// The articles that are picked, on any page of what the filters let through.
const picked = new Set();
let narrowed = null;
const boxes = () => [...element.querySelectorAll('[data-pick]')];

function several(act) {
  const ids = [...picked];
  if (act === 'remove') window.qaRemoved = true;
  if (act !== 'correct' && act !== 'export_some') picked.clear();
  if (act === 'correct') [window.qaCorrecting] = ids;
  if (act) trigger(act, { ids });
  showPicked();
}

function showPicked() {
  const bar = element.querySelector('.qa-picked');
  if (!bar) return;
  for (const box of boxes()) box.checked = picked.has(box.dataset.pick);
  element.querySelector('[data-pickpage]').checked = boxes().every((box) => box.checked);
  bar.hidden = !picked.size;
  bar.querySelector('span').textContent = bar.dataset.text.replace('#', picked.size);
}

element.addEventListener('change', (event) => {
  const box = event.target;
  if (!box.matches('[data-pick], [data-pickpage]')) return;
  for (const one of box.dataset.pick ? [box] : boxes()) {
    if (box.checked) picked.add(one.dataset.pick);
    else picked.delete(one.dataset.pick);
  }
  showPicked();
});

element.addEventListener('change', (event) => {
  if (event.target.matches('select[data-orders]')) trigger('order', { by: event.target.value });
});

// The place in the library is in the address, and an address leads to its place. What the server says
// of the place before is of no account until somebody moves on from here.
const shelf = Boolean(element.closest('#qa-library'));
const filters = ['find', 'by', 'name', 'source', 'since', 'until'];
const keys = [...filters, 'order', 'from'];
let expected = null;
if (shelf) {
  qa.part('library', keys, (place) => {
    expected = place;
    trigger('arrive', place);
  });
  const tabpanel = element.closest('[role="tabpanel"]') ?? document.body;
  for (const kind of ['pointerdown', 'keydown']) {
    tabpanel.addEventListener(kind, () => { expected = null; }, true);
  }
}

function moved() {
  const said = element.querySelector('[data-place]')?.dataset.place;
  if (said === undefined) return;
  const place = Object.fromEntries(keys.map((key) => [key, new URLSearchParams(said).get(key) ?? '']));
  if (expected && keys.some((key) => expected[key] !== place[key])) return;
  const before = qa.place('library');
  const as = keys.filter((key) => (before[key] ?? '') !== place[key]).join();
  qa.note('library', place, { push: true, as: ['from', 'name'].includes(as) ? '' : as });
}

// The button that was pressed goes with its row: the keyboard goes on at "undo".
watch('value', () => {
  if (shelf) {
    moved();
    const said = new URLSearchParams(element.querySelector('[data-place]')?.dataset.place ?? '');
    const now = filters.map((key) => said.get(key)).join('\n');
    if (narrowed !== null && now !== narrowed) picked.clear(); // what is out of sight is not meant
    narrowed = now;
    showPicked();
    if (element.querySelector('[data-again]')) setTimeout(() => trigger('again'), 1000);
  }
  const undo = element.querySelector('button[data-undo]');
  if (!undo || !window.qaRemoved) return;
  window.qaRemoved = false;
  undo.focus({ preventScroll: true });
});
