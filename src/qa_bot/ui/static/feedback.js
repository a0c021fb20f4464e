// Links under an answer: "#feedback/…" is what its reader thinks of it, "#ask/…" another question.
const pane = element.closest('[role="tabpanel"]') ?? document.body;

pane.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="#feedback/"], a[href^="#ask/"]');
  if (!link) return;
  event.preventDefault();
  if (link.hash.startsWith('#ask/')) {
    trigger('ask', { question: decodeURIComponent(link.hash.slice('#ask/'.length)) });
    return;
  }
  const [verdict, key] = link.hash.slice('#feedback/'.length).split('/');
  trigger('judge', { verdict, key });
  for (const other of link.parentElement.querySelectorAll('a')) other.removeAttribute('aria-current');
  link.setAttribute('aria-current', 'true');
});
