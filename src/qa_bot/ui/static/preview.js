// The articles before they are added. Fields live in the page; each button sends all of them.
const names = ['title', 'date', 'byline', 'source'];
let typed = new Map(); // what is written while a date is being checked
let focused = '';

function fields() {
  return [...element.querySelectorAll('.qa-draft')].map((draft) =>
    names.map((name) => draft.querySelector(`input[data-field="${name}"]`).value));
}

element.addEventListener('input', (event) => typed.set(event.target.id, event.target.value));

element.addEventListener('change', (event) => {
  if (event.target.dataset.field !== 'date') return;
  typed.delete(event.target.id);
  trigger('act', { act: 'check', fields: fields() });
});

element.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.matches('input')) event.preventDefault();
});

element.addEventListener('focusin', (event) => { focused = event.target.id; });

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-act]');
  if (!button) return;
  const { act, n, at } = button.dataset;
  if (act === 'add') {
    trigger('accept', { fields: fields() });
    return;
  }
  typed.clear();
  trigger('act', { act, n, at, fields: fields() });
});

watch('value', () => {
  const drafts = element.querySelector('.qa-drafts');
  if (!drafts) {
    typed.clear();
    return;
  }
  for (const [id, value] of typed) {
    const input = element.ownerDocument.getElementById(id);
    if (input) input.value = value;
  }
  const wanted = drafts.dataset.focus || focused;
  if (wanted) element.ownerDocument.getElementById(wanted)?.focus();
});
