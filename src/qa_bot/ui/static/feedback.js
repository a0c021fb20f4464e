// Links under an answer: "#feedback/…" is what its reader thinks of it, "#ask?…" another question,
// "#unfiltered/…" the same without the filter. "#unfilter/…" at the box lifts a filter.
const pane = element.closest('[role="tabpanel"]') ?? document.body;
const filters = ['since', 'until', 'source', 'only'];

pane.addEventListener('click', (event) => {
  const link = event.target.closest?.(
    'a[href^="#feedback/"], a[href^="#ask?question="], a[href^="#unfiltered/"], a[href^="#unfilter/"]',
  );
  if (!link) return;
  event.preventDefault();
  if (link.hash.startsWith('#ask?question=')) {
    trigger('ask', { question: new URLSearchParams(link.hash.slice('#ask?'.length)).get('question') });
    return;
  }
  if (link.hash.startsWith('#unfiltered/')) {
    const question = decodeURIComponent(link.hash.slice('#unfiltered/'.length));
    trigger('ask', { question, unfiltered: true });
    return;
  }
  if (link.hash.startsWith('#unfilter/')) {
    trigger('unfilter', { field: link.hash.slice('#unfilter/'.length) });
    return;
  }
  const [verdict, key] = link.hash.slice('#feedback/'.length).split('/');
  trigger('judge', { verdict, key });
  for (const other of link.parentElement.querySelectorAll('a')) other.removeAttribute('aria-current');
  link.setAttribute('aria-current', 'true');
});

element.addEventListener('click', (event) => {
  const undo = event.target.closest('button[data-undo]');
  if (undo) trigger('undo', { id: undo.dataset.undo });
});

// What the address says. When the page is opened its question too is asked, unless the conversation
// has it. What is shown already (`here`) is left as it is.
const keys = [...filters, 'conversation', 'question'];
let opened = false;
let expected = null;

function lead(event, place) {
  const shown = document.querySelector('#qa-conversation [data-conversation]')?.dataset.conversation;
  const here = shown === (place.conversation ?? '');
  expected = place;
  trigger(event, { ...place, here });
}

// Of steps of Back in a row the last one counts: boxes that are set twice at once may keep the first.
let going = 0;
qa.part('ask', keys.slice(0, -1), (place) => {
  if (!opened) return;
  expected = place;
  clearTimeout(going);
  going = setTimeout(() => lead('go', place), 100);
});
qa.restored.then(() => {
  opened = true;
  for (const id of ['qa-narrowing', 'qa-only']) {
    new MutationObserver(narrowed).observe(document.getElementById(id), { subtree: true, childList: true });
  }
  const entry = qa.entry('ask');
  if (keys.some((key) => entry[key])) lead('enter', entry);
  else narrowed(); // somebody may have set a filter meanwhile
});

// The filters in force are in the address. Until somebody moves on from there, others are of before.
function narrowed() {
  const value = (key) => pane.querySelector(`[data-narrowed="${key}"]`)?.dataset.value ?? '';
  if (expected && filters.some((key) => value(key) !== (expected[key] ?? ''))) return;
  for (const key of filters) qa.note('ask', { [key]: value(key) }, { push: true, as: key });
}

for (const kind of ['pointerdown', 'keydown']) pane.addEventListener(kind, () => { expected = null; }, true);
