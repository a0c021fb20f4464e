// Opens the article of a clicked "#article/…" link of the same tab, at the sentence it quotes.
const pane = element.closest('[role="tabpanel"]') ?? document.body;
let opener = null;

document.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab opens by itself
  const link = event.target.closest?.('a[href^="#article/"], a[href="#close"]');
  if (!link || !pane.contains(link)) return;
  event.preventDefault();
  if (link.hash === '#close') {
    props.value = '';
    opener?.focus();
  } else {
    opener = link;
    trigger('open', { fragment: link.hash });
  }
});

watch('value', () => {
  if (!element.firstElementChild) return;
  element.querySelector('h2')?.focus({ preventScroll: true });
  const quote = element.querySelector('mark') ?? element;
  const side = element.closest('.qa-side');
  if (getComputedStyle(side).overflowY !== 'auto') {
    quote.scrollIntoView({ block: 'center' }); // the panel lies below the conversation
    return;
  }
  side.scrollTop = 0; // the panel scrolls by itself: the page stays where it is
  const below = quote.getBoundingClientRect().bottom - side.getBoundingClientRect().bottom;
  if (below > 0) side.scrollTop = below + side.clientHeight / 3;
});

// A link opened in a new tab: the first reader takes it.
if (location.hash.startsWith('#article/') && !window.qaOpened) {
  window.qaOpened = true;
  trigger('open', { fragment: location.hash });
}
