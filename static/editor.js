/* The form of a question: the preview follows what is typed, and its buttons work without a new page. Without this
   script every button loads the page anew, with all that was typed. */
(function () {
  'use strict';
  const form = document.getElementById('writing');
  const place = document.getElementById('preview');
  if (!form || !place || !window.fetch || !window.DOMParser) return;
  form.classList.add('lively');
  const waits = {};
  let turn = 0;
  let finds = 0;
  let dirty = false;

  function later(name, work, ms) {
    clearTimeout(waits[name]);
    waits[name] = setTimeout(work, ms);
  }

  function send(address, go) {
    const typed = new FormData(form);
    if (go) typed.set('go', go);
    else typed.delete('picture_file');
    return fetch(address, { method: 'POST', body: typed, credentials: 'same-origin', redirect: 'error' })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)));
  }

  function say(words) {
    const note = document.createElement('p');
    note.className = 'note warn';
    note.textContent = words;
    place.insertBefore(note, place.firstChild);
  }

  function refresh() {
    const mine = ++turn;
    send(form.dataset.preview).then(
      (html) => { if (mine === turn) place.innerHTML = html; },
      () => { if (mine === turn && !place.querySelector('.note.warn:first-child')) say(form.dataset.ended); },
    );
  }

  /* Load the page anew by a button's step: it says what is wrong, and keeps what was typed. */
  function plainly(go) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'go';
    field.value = go;
    form.appendChild(field);
    dirty = false;
    form.submit();
  }

  /* Let the server rework the form; `swap` puts what is needed of its answer into this page. */
  function rework(go, swap, failed) {
    const mine = ++turn;
    send(window.location.href, go).then((html) => { if (mine === turn) swap(pageOf(html)); }).catch(failed);
  }

  function pageOf(html) {
    return new DOMParser().parseFromString(html, 'text/html');
  }

  function swapAll(then) {
    return (page) => {
      form.innerHTML = page.getElementById('writing').innerHTML;
      place.innerHTML = page.getElementById('preview').innerHTML;
      const next = document.getElementById(then);
      if (next) next.focus();
    };
  }

  function find(picker) {
    const result = picker.querySelector('[id^=picked-]');
    const no = result.id.slice('picked-'.length);
    const mine = ++finds;  // its own turn: a preview asked for meanwhile must not drop what was found
    send(window.location.href, `find:${no}`).then(
      (html) => { if (mine === finds) result.innerHTML = pageOf(html).getElementById(result.id).innerHTML; },
      () => {},
    );
  }

  form.addEventListener('input', (event) => {
    dirty = true;
    const picker = event.target.closest('.picker');
    const [law, at] = picker ? picker.querySelectorAll('input') : [];
    if (!picker) later('preview', refresh, 600);
    else if (law.value && at.value) later('picker', () => find(picker), 500);
  });
  /* A picture that is too large is not taken: words at the field, and nothing is sent. */
  function weigh(input) {
    const field = input.parentNode, old = document.getElementById(`${input.id}-bad`);
    const chosen = input.files[0];
    const large = Boolean(chosen) && chosen.size > Number(input.dataset.most);
    if (old) old.remove();
    field.classList.toggle('wrong', large);
    input.setAttribute('aria-invalid', large);
    input.setAttribute('aria-describedby', `${input.id}-hint${large ? ` ${input.id}-bad` : ''}`);
    if (!large) return;
    const words = document.createElement('p');
    words.id = `${input.id}-bad`;
    words.className = 'wrong';
    words.setAttribute('role', 'alert');
    words.textContent = `${chosen.name}: ${input.dataset.large}`;
    field.insertBefore(words, input);
    input.value = '';
  }

  form.addEventListener('change', (event) => {
    dirty = true;
    const select = event.target;
    if (select.dataset.most) weigh(select);
    if (select.dataset.go) rework(select.dataset.go, swapAll(select.id), () => plainly(select.dataset.go));
    else if (!select.closest('.picker')) later('preview', refresh, 600);
  });
  form.addEventListener('click', (event) => {
    const button = event.target.closest('button[name=go]');
    if (!button) return;
    event.preventDefault();
    clearTimeout(waits.picker);
    rework(button.value, swapAll(button.dataset.then || button.id), () => plainly(button.value));
  });
  form.addEventListener('submit', () => { dirty = false; });
  window.addEventListener('beforeunload', (event) => {
    if (!dirty) return;
    event.preventDefault();
    event.returnValue = '';
  });
})();
