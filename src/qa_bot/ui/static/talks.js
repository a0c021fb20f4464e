// The list of conversations: one is gone to, named otherwise, or removed.
element.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-talk]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    trigger('choose', { id: link.dataset.talk });
  }
  const button = event.target.closest('button');
  if (button?.dataset.remove) trigger('remove', { id: button.dataset.remove });
  if (button?.dataset.rename) rename(button);
});

function rename(button) {
  const link = button.closest('li').querySelector('a');
  const box = document.createElement('input');
  box.value = link.textContent;
  box.maxLength = 80;
  box.setAttribute('aria-label', button.getAttribute('aria-label'));
  link.replaceWith(box);
  box.select();
  let keep = true;
  box.addEventListener('keydown', (event) => {
    if (event.isComposing || !['Enter', 'Escape'].includes(event.key)) return;
    event.stopPropagation();
    keep = event.key === 'Enter';
    button.focus();
  });
  box.addEventListener('blur', () => {
    const name = box.value.trim();
    if (!box.isConnected) return; // the list itself is another now
    queueMicrotask(() => box.replaceWith(link));
    if (!keep || !name) return;
    link.textContent = name;
    trigger('rename', { id: button.dataset.rename, name });
  });
}
