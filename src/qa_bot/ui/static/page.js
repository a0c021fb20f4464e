// Gradio labels these in English, or with a message's raw HTML; the words inside them say it better.
const mislabelled =
  '[data-testid="bot"], [data-testid="user"], .example, .upload-container, [role="log"]';

function unlabel() {
  for (const node of document.querySelectorAll(mislabelled)) node.removeAttribute('aria-label');
}

new MutationObserver(unlabel).observe(document.body, {
  subtree: true,
  childList: true,
  attributeFilter: ['aria-label'],
});
unlabel();

// The page's language, chosen by hand: kept for the next visit, and in the address for whoever gets it.
const chosen = document.cookie.match(/(?:^|; )qa_bot_language=([\w-]+)/)?.[1];
const query = new URLSearchParams(location.search);
if (chosen && !query.has('lang')) {
  query.set('lang', chosen);
  history.replaceState(history.state, '', `${location.pathname}?${query}${location.hash}`);
}
qa.restored.then(() => {
  const current = document.querySelector(`#qa-languages a[lang="${document.documentElement.lang}"]`);
  current?.setAttribute('aria-current', 'true');
});

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="?lang="]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const tag = new URLSearchParams(link.search).get('lang');
  document.cookie = `qa_bot_language=${tag}; path=/; max-age=31536000; samesite=lax`;
  query.set('lang', tag);
  location.search = query;
});

// A new question goes to the top of the conversation and its answer comes below: of a long answer
// the end would say least. Whoever scrolls meanwhile is left alone. The address has the question.
const log = () => document.querySelector('#qa-chat [role="log"]');
const asks = () => document.querySelectorAll('#qa-chat .qa-question');
const shown = () => document.querySelector('#qa-conversation [data-conversation]')?.dataset;
const aloneOf = (answer) => answer?.querySelector('.qa-asked')?.title; // what it was understood as
let asked = 0;
let talk = ''; // the conversation that is shown
let following = null;
let opened = false; // and the conversation that the browser is in is shown
let told = 0; // of so many answers the question as it was understood stands in the address

function follow() {
  if (!log()) return;
  const now = shown()?.conversation ?? '';
  if (now !== talk && !isThere()) return; // the chat shows the one before, still
  if (asks().length !== asked || now !== talk) moved(now);
  const alone = told < asked && aloneOf(log().querySelectorAll('.qa-answer')[asked - 1]);
  if (opened && alone) {
    told = asked;
    qa.note('ask', { question: alone });
  }
  if (following?.isConnected) toTop(following);
}

// Whether the chat shows the last question of the conversation that is to be shown.
function isThere() {
  const words = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  return words([...asks()].at(-1)?.textContent) === words(shown()?.last);
}

// Another question was asked, or another conversation is shown.
function moved(now) {
  const [count, before] = [asked, talk];
  [asked, talk] = [asks().length, now];
  told = Math.min(told, asked);
  if (!opened) return;
  const led = qa.place('ask').conversation ?? ''; // where the address leads
  if (now === before && now !== led && asked < count) return; // on the way there: emptied first
  if (now !== before && now === led) {
    told = asked; // the address has led here
    toQuestion(qa.place('ask'));
    return;
  }
  following = asks()[asked - 1] ?? null;
  const question = following?.textContent ?? '';
  qa.note('ask', { question, conversation: now }, { push: asked !== count || Boolean(before), auto: !question });
}

function toTop(node) {
  log().scrollTop += node.getBoundingClientRect().top - log().getBoundingClientRect().top - 8;
}

function toQuestion({ question }) {
  const has = (node) => node.textContent === question || aloneOf(node) === question;
  const found = [...document.querySelectorAll('#qa-chat :is(.qa-question, .qa-answer)')].findLast(has);
  following = null;
  if (found) toTop(found);
}

// Somebody may have asked before the page was ready for it.
qa.restored.then(function wait() {
  opened = shown() && asks().length >= Number(shown().questions);
  if (!opened) {
    requestAnimationFrame(wait);
    return;
  }
  told = asked = Number(shown().questions);
  talk = shown().conversation;
  const { conversation, question } = qa.place('ask');
  if (talk && !conversation && !question) qa.note('ask', { conversation: talk });
  follow();
});

// Back to a question of the conversation.
qa.part('ask', ['question'], (place) => {
  if (opened) toQuestion(place);
});

for (const kind of ['wheel', 'touchmove', 'keydown', 'pointerdown']) {
  document.addEventListener(
    kind,
    (event) => {
      if (event.target.closest?.('#qa-chat')) following = null;
    },
    { passive: true, capture: true },
  );
}
new MutationObserver(follow).observe(document.body, { subtree: true, childList: true, characterData: true });
