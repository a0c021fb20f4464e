// The menu of formats: it closes when one is chosen, and when something else is.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-format]');
  if (!button) return;
  trigger('export', { format: button.dataset.format });
  shut(true);
});

document.addEventListener('click', (event) => {
  if (!element.contains(event.target)) shut(false);
});

element.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !element.querySelector('details[open]')) return;
  event.stopPropagation();
  shut(true);
});

function shut(focus) {
  const menu = element.querySelector('details[open]');
  if (!menu) return;
  menu.open = false;
  if (focus) menu.querySelector('summary').focus();
}
