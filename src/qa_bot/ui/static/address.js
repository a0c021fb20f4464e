// Where somebody is stands in the address, so that Back and Forward lead there, and a link to it can
// be shared: `#TAB?key=value&…`, where each tab has keys of its own. `#article/…` is short for an
// article in the first tab.
window.qa = (() => {
  const FIRST = 'ask';
  const places = {}; // of each tab: what it shows, by key
  const parts = []; // what shows some of these keys
  let tab = FIRST;
  let touched = false; // since the last entry that nobody asked for
  let restore;
  const restored = new Promise((done) => { restore = done; });

  function parsed(hash) {
    const text = hash.replace(/^#/, '');
    if (text.startsWith('article/')) return [FIRST, { article: text.slice('article/'.length) }];
    const [name, query] = text.split(/\?(.*)/s);
    return [/^[a-z]+$/.test(name) ? name : FIRST, Object.fromEntries(new URLSearchParams(query ?? ''))];
  }

  function address() {
    const keys = Object.keys(places[tab] ?? {}).filter((key) => places[tab][key]).sort();
    const query = keys.map((key) => `${key}=${encodeURIComponent(places[tab][key]).replaceAll('%2F', '/')}`);
    const hash = tab === FIRST && !query.length ? '' : `#${tab}${query.length ? '?' : ''}${query.join('&')}`;
    return location.pathname + location.search + hash;
  }

  function write(push, state) {
    history[push ? 'pushState' : 'replaceState'](state, '', address());
  }

  // A tab shows something else now. `push`: Back leads to what was before, unless that was another
  // step `as` this one. `auto`: nobody asked for it; what somebody asks for takes its entry.
  function note(name, changes, { push = false, as = '', auto = false } = {}) {
    const before = places[name] ?? {};
    const changed = Object.keys(changes).filter((key) => (before[key] ?? '') !== (changes[key] ?? ''));
    if (!changed.length) return;
    places[name] = { ...before, ...changes };
    if (name !== tab) return; // it will stand in the address when the tab is shown
    const now = history.state ?? {};
    const again = (as && now.as === as) || (now.auto && !touched);
    let above = again || !push ? now.above ?? 0 : 0;
    if (push && !again && changed.join() === 'article' && changes.article) {
      above = !before.article ? 1 : now.above ? now.above + 1 : 0;
    }
    write(push && !again, { as, auto, above });
    if (auto) touched = false;
  }

  // The article is closed: back to where it was opened, if nothing but articles was opened since.
  function close(name) {
    const { above } = history.state ?? {};
    if (name === tab && above) history.go(-above);
    else note(name, { article: '' }, { push: true });
  }

  const button = (name) => document.querySelector(`[role="tab"][data-tab-id="${name}"]`);

  function turn() {
    const shown = button(tab);
    if (shown?.getAttribute('aria-selected') === 'false') shown.click();
  }

  function go(hash) {
    const [name, place] = parsed(hash);
    tab = name;
    const before = places[tab] ?? {};
    places[tab] = place;
    turn();
    for (const one of parts) if (one.name === tab) show(one, before);
  }

  function show({ name, keys, arrive }, before) {
    const place = places[name] ?? {};
    if (keys.every((key) => (before[key] ?? '') === (place[key] ?? ''))) return;
    arrive(Object.fromEntries(keys.map((key) => [key, place[key] ?? ''])));
  }

  // Declares what shows these keys of a tab; `arrive` gets their values when they are others.
  function part(name, keys, arrive) {
    const old = parts.findIndex((one) => one.name === name && one.keys.join() === keys.join());
    if (old >= 0) parts.splice(old, 1);
    parts.push({ name, keys, arrive });
    show(parts.at(-1), {});
  }

  // What an element's tab is called.
  function tabOf(element) {
    return element.closest('[role="tabpanel"]')?.id.replace('qa-tab-', '') ?? FIRST;
  }

  addEventListener('popstate', () => go(location.hash));
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { touched = true; }, true);
  document.addEventListener('click', (event) => {
    const name = event.target.closest?.('[role="tab"]')?.dataset.tabId;
    if (!name || name === tab) return;
    tab = name;
    write(true, {});
  }, true);

  let [entered, entry] = parsed(location.hash);
  [tab, places[tab]] = [entered, entry];
  return {
    note, close, part, tabOf, restored,
    place: (name) => places[name] ?? {},
    // What the address said of a tab when the page was opened; said once, for Gradio may make anew
    // what asks for it.
    entry(name) {
      const said = name === entered ? entry : {};
      if (name === entered) entry = {};
      return said;
    },
    // The page has what the browser kept: now it can show what its address says.
    arrive() {
      if (!button(tab)) tab = FIRST;
      turn();
      restore();
    },
  };
})();
