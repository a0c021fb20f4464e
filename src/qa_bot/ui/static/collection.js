// A clicked figure lists its articles below the charts; arrow keys move along a chart.
const pane = element.closest('[role="tabpanel"]') ?? document.body;

const figureOf = (link) => new URLSearchParams(link.hash.split('?')[1]).get('figure');

pane.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest?.('a[href^="#collection?"]');
  if (!link) return;
  event.preventDefault();
  const figure = figureOf(link);
  qa.note('collection', { figure, article: '' }, { push: true });
  choose({ figure });
});

qa.part('collection', ['figure'], choose);

function choose({ figure }) {
  for (const link of pane.querySelectorAll('#qa-charts a')) {
    if (figureOf(link) === figure) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  trigger('choose', { figure, reading: Boolean(qa.place('collection').article) });
}

const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

pane.addEventListener('keydown', (event) => {
  const chart = event.target.closest?.('.qa-bars, .qa-ranks');
  const step = steps[event.key];
  if (!chart || !step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const links = [...chart.querySelectorAll('a')];
  const to = links.indexOf(event.target.closest('a')) + step;
  const next = links[Math.min(Math.max(to, 0), links.length - 1)];
  if (chart.matches('.qa-bars')) {
    for (const link of links) link.tabIndex = link === next ? 0 : -1;
  }
  next.focus();
});

watch('value', () => {
  const heading = element.querySelector('h2');
  if (!heading) return;
  heading.focus({ preventScroll: true });
  const side = element.closest('.qa-side');
  if (getComputedStyle(side).overflowY === 'auto') side.scrollTop = 0;
  else heading.scrollIntoView({ block: 'start' }); // the list lies below the charts
});
