// Dropping files: a zone to drop them on, a list of what was chosen, from which each can be taken again, and a sign that they are on their way. The form works
// without it; what is too large or too many the server refuses all the same.
'use strict';
(() => {
  const form = document.getElementById('upload');
  const input = document.getElementById('files');
  if (!form || !input) return;
  const zone = input.closest('.drop');
  const list = document.getElementById('chosen');
  const problem = document.getElementById('files-problem');
  const sending = document.getElementById('sending');
  const room = Number(form.dataset.room);
  const maxBytes = Number(form.dataset.maxBytes);

  const size = (bytes) => {
    if (bytes < 1e3) return `${bytes} bytes`;
    if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
    return `${(bytes / 1e6).toFixed(1)} MB`;
  };

  const show = () => {
    const files = [...input.files];
    list.replaceChildren(...files.map((file) => {
      const row = document.createElement('li');
      const name = document.createElement('strong');
      const quiet = document.createElement('span');
      quiet.className = 'quiet';
      name.textContent = file.name;
      quiet.textContent = ` ${size(file.size)}`;
      const remove = document.createElement('button');
      const which = document.createElement('span');
      remove.type = 'button';
      remove.className = 'link';
      which.className = 'unseen';
      which.textContent = ` ${file.name}`;
      remove.append('Remove', which);
      remove.addEventListener('click', () => {
        choose([...input.files].filter((other) => other !== file));
        input.focus();
      });
      row.append(name, quiet, ' ', remove);
      return row;
    }));
    const large = files.find((file) => file.size > maxBytes);
    let words = '';
    if (files.length > room) words = `There is room for ${room} of these ${files.length} files.`;
    if (large) words = `${large.name} is larger than ${size(maxBytes)}, the most that a file may have.`;
    problem.textContent = words;
    problem.hidden = !words;
  };

  const choose = (files) => {
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    input.files = all.files;
    show();
  };

  zone.classList.add('zone');
  for (const event of ['dragenter', 'dragover']) {
    document.addEventListener(event, (drag) => {
      drag.preventDefault();
      zone.classList.add('over');
    });
  }
  document.addEventListener('dragleave', (drag) => {
    if (!drag.relatedTarget) zone.classList.remove('over');
  });
  document.addEventListener('drop', (drag) => {
    drag.preventDefault();
    zone.classList.remove('over');
    // Files that are dropped come to those that were chosen before.
    if (drag.dataTransfer) choose([...input.files, ...drag.dataTransfer.files]);
  });
  input.addEventListener('change', show);
  // What is here already is removed by a form of its own, and with its page what was chosen would be gone.
  for (const other of document.querySelectorAll('form.remove')) {
    other.addEventListener('submit', (event) => {
      if (input.files.length === 0) return;
      event.preventDefault();
      problem.textContent = 'Send the files that you chose, or remove them: they are not here yet.';
      problem.hidden = false;
    });
  }
  let isSent = false;
  form.addEventListener('submit', (event) => {
    show();
    if (isSent || !problem.hidden) {
      event.preventDefault();
      return;
    }
    isSent = true;
    sending.hidden = input.files.length === 0;
  });
  // A page that comes back from the browser's memory can be sent again.
  window.addEventListener('pageshow', () => {
    isSent = false;
    sending.hidden = true;
    show();
  });
})();
