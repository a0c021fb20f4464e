// Folders: what lies in one, down to its bottom, goes where files are uploaded. Hidden files stay out.
const uploads = () => document.querySelector('#qa-upload input[type=file]');
let waiting = null; // files whose upload waits until the server knows what could not be read

// All entries of a folder: the browser gives a hundred at a time.
async function entries(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return found;
    found.push(...some);
  }
}

async function walk(entry, files, unread) {
  if (entry.name.startsWith('.')) return;
  try {
    if (entry.isDirectory) {
      for (const inside of await entries(entry)) await walk(inside, files, unread);
    } else {
      files.push([entry.fullPath, await new Promise((done, fail) => entry.file(done, fail))]);
    }
  } catch {
    unread.push(entry.fullPath);
  }
}

// One file that cannot be read would end the upload of all of them.
async function send(files, unread) {
  const given = new DataTransfer();
  files.sort(([one], [other]) => one.localeCompare(other, undefined, { numeric: true }));
  for (const [path, file] of files) {
    try {
      await file.slice(0, 1).arrayBuffer();
      given.items.add(file);
    } catch {
      unread.push(path);
    }
  }
  waiting = given.files;
  if (unread.length || !waiting.length) trigger('unread', { names: unread, files: waiting.length });
  else feed();
}

function feed() {
  const [input, files] = [uploads(), waiting];
  waiting = null;
  if (!input || !files?.length) return;
  input.files = files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

watch('value', feed);

element.addEventListener('change', (event) => {
  const chosen = [...event.target.files].map((file) => [`/${file.webkitRelativePath}`, file]);
  send(chosen.filter(([path]) => !path.includes('/.')), []);
  event.target.value = '';
});

// Before Gradio's own drop, which takes files only.
document.addEventListener('drop', async (event) => {
  if (!event.target.closest?.('#qa-upload')) return;
  const dropped = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!dropped.some((entry) => entry.isDirectory)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const [files, unread] = [[], []];
  for (const entry of dropped) await walk(entry, files, unread);
  await send(files, unread);
}, true);
