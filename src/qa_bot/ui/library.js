// The buttons of the table: remove (after a confirmation) and turn the page.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.confirm && !confirm(button.dataset.confirm)) return;
  if (button.dataset.remove) trigger('remove', { id: button.dataset.remove });
  if (button.dataset.page) trigger('turn', { step: button.dataset.page });
});
