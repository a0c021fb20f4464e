// "#feedback/…" links under an answer: what its reader thinks of it.
const pane = element.closest('[role="tabpanel"]') ?? document.body;

pane.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="#feedback/"]');
  if (!link) return;
  event.preventDefault();
  const [verdict, key] = link.hash.slice('#feedback/'.length).split('/');
  trigger('judge', { verdict, key });
  for (const other of link.parentElement.querySelectorAll('a')) other.removeAttribute('aria-current');
  link.setAttribute('aria-current', 'true');
});
