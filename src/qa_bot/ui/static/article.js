// Opens the article of a clicked "#article/…" link of the same tab, at the sentence it quotes.
const pane = element.closest('[role="tabpanel"]') ?? document.body;
let opener = null;

document.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab opens by itself
  const copy = event.target.closest?.('button[data-copy]');
  if (copy && element.contains(copy)) copied(copy);
  const link = event.target.closest?.('a[href^="#article/"], a[href="#close"], a[href^="#only/"]');
  if (!link || !pane.contains(link)) return;
  event.preventDefault();
  if (link.hash === '#close') {
    props.value = '';
    focusAgain();
  } else if (link.hash.startsWith('#only/')) {
    trigger('only', { id: decodeURIComponent(link.hash.slice('#only/'.length)) });
  } else {
    opener = link;
    trigger('open', { fragment: link.hash });
  }
});

// Back to the link that opened the article: at once, or as soon as the article no longer hides it.
function focusAgain(frames = 60) {
  opener?.focus();
  if (opener?.isConnected && document.activeElement !== opener && frames) {
    requestAnimationFrame(() => focusAgain(frames - 1));
  }
}

async function copied(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // only secure pages have a clipboard: the old way works on the others
    const area = document.body.appendChild(document.createElement('textarea'));
    area.value = button.dataset.copy;
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.textContent = button.dataset.done;
}

watch('value', () => {
  if (!element.firstElementChild) return;
  element.querySelector('h2')?.focus({ preventScroll: true });
  const quote = element.querySelector('mark:not(.qa-also)');
  const side = element.closest('.qa-side');
  if (getComputedStyle(side).overflowY !== 'auto') {
    (quote ?? element).scrollIntoView({ block: quote ? 'center' : 'start' }); // the panel lies below the conversation
    return;
  }
  side.scrollTop = 0; // the panel scrolls by itself: the page stays where it is
  if (!quote) return;
  const below = quote.getBoundingClientRect().bottom - side.getBoundingClientRect().bottom;
  if (below > 0) side.scrollTop = below + side.clientHeight / 3;
});

// A link opened in a new tab: the first reader takes it.
if (location.hash.startsWith('#article/') && !window.qaOpened) {
  window.qaOpened = true;
  trigger('open', { fragment: location.hash });
}
