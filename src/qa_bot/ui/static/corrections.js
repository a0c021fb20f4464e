// The form in which articles are corrected: its fields live in the page until they are saved.
const names = ['title', 'date', 'byline', 'source'];

element.addEventListener('submit', (event) => {
  event.preventDefault();
  const { elements } = event.target;
  trigger('keep', { fields: names.map((name) => elements.namedItem(name).value) });
});

element.addEventListener('click', (event) => {
  if (event.target.closest('[data-act="cancel"]')) props.value = '';
});

element.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') props.value = '';
});

// Back to the button that opened the form, as soon as the table is there again.
function focusAgain(frames = 60) {
  const said = window.qaCorrecting;
  const button = said && document.querySelector(`#qa-library [data-correct="${CSS.escape(said)}"]`);
  button?.focus();
  if (said && document.activeElement !== button && frames) {
    requestAnimationFrame(() => focusAgain(frames - 1));
  } else {
    window.qaCorrecting = '';
  }
}

watch('value', () => {
  const form = element.querySelector('form');
  if (form) (form.querySelector('[aria-invalid]') ?? form.elements.namedItem(names[0])).focus();
  else focusAgain();
});
