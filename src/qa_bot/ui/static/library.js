// The buttons of the table and of the remark above it: remove, undo, sort, turn the page.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.remove) {
    window.qaRemoved = true;
    trigger('remove', { id: button.dataset.remove });
  }
  if (button.dataset.undo) trigger('undo');
  if (button.dataset.order) trigger('order', { by: button.dataset.order });
  if (button.dataset.page) trigger('turn', { step: button.dataset.page });
});

element.addEventListener('change', (event) => {
  if (event.target.matches('select[data-orders]')) trigger('order', { by: event.target.value });
});

// The place in the library is in the address, and an address leads to its place. What the server says
// of the place before is of no account until somebody moves on from here.
const shelf = Boolean(element.closest('#qa-library'));
const keys = ['find', 'by', 'source', 'since', 'until', 'order', 'from'];
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
  qa.note('library', place, { push: true, as: as === 'from' ? '' : as });
}

// The button that was pressed goes with its row: the keyboard goes on at "undo".
watch('value', () => {
  if (shelf) moved();
  const undo = element.querySelector('button[data-undo]');
  if (!undo || !window.qaRemoved) return;
  window.qaRemoved = false;
  undo.focus({ preventScroll: true });
});
