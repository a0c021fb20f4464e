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

// The page's language, chosen by hand.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="#language/"]');
  if (!link) return;
  event.preventDefault();
  const tag = link.hash.slice('#language/'.length);
  document.cookie = `qa_bot_language=${tag}; path=/; max-age=31536000; samesite=lax`;
  location.reload();
});

// A new question goes to the top of the conversation and its answer comes below: of a long answer
// the end would say least. Whoever scrolls meanwhile is left alone.
let asked = 0;
let following = null;

function follow() {
  const log = document.querySelector('#qa-chat [role="log"]');
  const questions = document.querySelectorAll('#qa-chat .qa-question');
  if (!log) return;
  if (questions.length !== asked) {
    asked = questions.length;
    following = questions[asked - 1] ?? null;
  }
  if (!following?.isConnected) return;
  log.scrollTop += following.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
}

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
