// The conversation as a Markdown file, made in the browser: nothing is sent for it.
(turns) => {
  const text = (turns ?? []).map((turn) => turn.markdown ?? `### ${turn.question}`).join('\n\n');
  if (!text) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text + '\n'], { type: 'text/markdown' }));
  link.download = 'qa_bot.md';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
