// Links under an answer: "#feedback/…" is what its reader thinks of it, "#ask/…" another question,
// "#unfiltered/…" the same without the filter. "#unfilter/…" at the box lifts a filter.
const pane = element.closest('[role="tabpanel"]') ?? document.body;

pane.addEventListener('click', (event) => {
  const link = event.target.closest?.(
    'a[href^="#feedback/"], a[href^="#ask/"], a[href^="#unfiltered/"], a[href^="#unfilter/"]',
  );
  if (!link) return;
  event.preventDefault();
  if (link.hash.startsWith('#ask/')) {
    trigger('ask', { question: decodeURIComponent(link.hash.slice('#ask/'.length)) });
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
