// Keys of the whole page: Escape closes the open article, arrows move along an answer's citations.
const seen = (node) => node.checkVisibility(); // nor in what is folded

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === 'Escape') {
    if (document.querySelector('dialog:modal')) return; // a sheet closes by itself
    if (event.target.getAttribute?.('aria-expanded') === 'true') return; // its list closes first
    [...document.querySelectorAll('a.qa-close')].find(seen)?.click();
    return;
  }
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  const link = event.target.closest?.('a.qa-cite, a.qa-citation, a.qa-dot, a.qa-passage');
  if (!step || !link) return;
  const kind = ['qa-cite', 'qa-citation', 'qa-dot', 'qa-passage'].find((css) => link.classList.contains(css));
  const group = link.closest('.qa-answer, .qa-timeline, .qa-found, .qa-chosen');
  const links = [...(group?.querySelectorAll(`a.${kind}`) ?? [])].filter(seen);
  const next = links[links.indexOf(link) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
