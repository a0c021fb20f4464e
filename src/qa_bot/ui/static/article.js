// Opens the article of a clicked "#article/…" link of the same tab, at the sentence it quotes. On a
// narrow window it is a sheet over all; Back, Escape or the cross closes it.
const pane = element.closest('[role="tabpanel"]') ?? document.body;
const tab = qa.tabOf(element);
const narrow = matchMedia('(max-width: 759px)');
let opener = null;

document.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab opens by itself
  const copy = event.target.closest?.('button[data-copy], button[data-link]');
  if (copy && element.contains(copy)) copied(copy);
  const link = event.target.closest?.('a[href^="#article/"], a[href="#close"], a[href^="#only/"]');
  if (!link || !pane.contains(link)) return;
  event.preventDefault();
  if (link.hash === '#close') {
    close();
  } else if (link.hash.startsWith('#only/')) {
    trigger('only', { id: decodeURIComponent(link.hash.slice('#only/'.length)) });
    if (element.contains(link) && narrow.matches) close(); // the box to ask in lies under the sheet
  } else {
    opener = link;
    qa.note(tab, { article: link.hash.slice('#article/'.length) }, { push: true });
    trigger('open', { fragment: link.hash });
  }
});

qa.part(tab, ['article'], ({ article }) => {
  if (article) trigger('open', { fragment: `#article/${article}` });
  else if (element.firstElementChild) shut();
});

function close() {
  qa.close(tab);
  shut();
}

function shut() {
  props.value = '';
  focusAgain();
}

// Back to the link that opened the article: at once, or as soon as the article no longer hides it.
function focusAgain(frames = 60) {
  opener?.focus();
  if (opener?.isConnected && document.activeElement !== opener && frames) {
    requestAnimationFrame(() => focusAgain(frames - 1));
  }
}

async function copied(button) {
  const page = location.origin + location.pathname;
  const text = button.dataset.copy ?? page + button.dataset.link;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // only secure pages have a clipboard: the old way works on the others
    const area = button.parentElement.appendChild(document.createElement('textarea'));
    area.value = text;
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.textContent = button.dataset.done;
}

// As a sheet over all where the window is narrow, else in its column.
function present() {
  const sheet = element.querySelector('dialog');
  if (!sheet || sheet.matches(':modal') === narrow.matches) return;
  sheet.close();
  if (narrow.matches) sheet.showModal();
  else sheet.show();
}

narrow.addEventListener('change', present);

// Escape, or Back as a phone gives it to a sheet
element.addEventListener('cancel', (event) => {
  event.preventDefault();
  close();
}, true);

watch('value', () => {
  if (!element.firstElementChild) {
    qa.note(tab, { article: '' }, { push: true, auto: true });
    return;
  }
  present();
  element.querySelector('h2')?.focus({ preventScroll: true });
  const quote = element.querySelector('mark:not(.qa-also)');
  const side = element.querySelector('dialog:modal') ?? element.closest('.qa-side');
  if (getComputedStyle(side).overflowY !== 'auto') return;
  side.scrollTop = 0; // the panel scrolls by itself: the page stays where it is
  if (!quote) return;
  const below = quote.getBoundingClientRect().bottom - side.getBoundingClientRect().bottom;
  if (below > 0) side.scrollTop = below + side.clientHeight / 3;
});
