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

// The button that was pressed goes with its row: the keyboard goes on at "undo".
watch('value', () => {
  const undo = element.querySelector('button[data-undo]');
  if (!undo || !window.qaRemoved) return;
  window.qaRemoved = false;
  undo.focus({ preventScroll: true });
});
