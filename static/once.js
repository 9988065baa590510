/* A form that takes seconds says so in the words of its data-once and is not sent twice; the server
   would do it once all the same. */
(function () {
  'use strict';
  const forms = document.querySelectorAll('form[data-once]');
  let was = [];
  function hold(event) {
    const form = event.target, pressed = event.submitter;
    if (was.length) { event.preventDefault(); return; }
    setTimeout(() => {  // the form is on its way: a disabled button is not part of it
      was = Array.from(document.querySelectorAll('form[data-once] button'), (each) => [each, each.textContent]);
      was.forEach(([each]) => { each.disabled = true; });
      if (pressed) pressed.textContent = form.dataset.once;
    });
  }
  forms.forEach((form) => form.addEventListener('submit', hold));
  window.addEventListener('pageshow', () => {  // back again, out of the browser's memory
    was.forEach(([each, words]) => { each.disabled = false; each.textContent = words; });
    was = [];
  });
})();
