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
