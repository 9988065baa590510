/* The form of a question: its preview follows what is typed. Without this script a button does it. */
(function () {
  'use strict';
  const form = document.getElementById('writing');
  const place = document.getElementById('preview');
  if (!form || !place || !window.fetch) return;
  let timer = 0;
  let turn = 0;
  let dirty = false;

  function refresh() {
    const mine = ++turn;
    const typed = new FormData(form);
    typed.delete('picture_file');
    fetch(form.dataset.preview, { method: 'POST', body: typed, credentials: 'same-origin' })
      .then((answer) => { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then((html) => { if (mine === turn) place.innerHTML = html; }, () => {});
  }

  function soon() {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(refresh, 600);
  }

  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('submit', () => { dirty = false; });
  window.addEventListener('beforeunload', (event) => {
    if (!dirty) return;
    event.preventDefault();
    event.returnValue = '';
  });
})();
