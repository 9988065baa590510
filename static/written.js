/* Papers with blanks and orderings, beside exam.js: words are kept while they are written, and a step
   given to a second place leaves the first one. Loaded before exam.js hears the same event. */
(function () {
  'use strict';
  let writing = 0;
  document.addEventListener('input', (event) => {
    const field = event.target;
    if (field.type !== 'text' || !field.closest('.q')) return;
    clearTimeout(writing);
    writing = setTimeout(() => { field.dispatchEvent(new Event('change', { bubbles: true })); }, 700);
  });
  document.addEventListener('change', (event) => {
    const select = event.target;
    if (select.tagName !== 'SELECT' || !select.closest('.q')) return;
    select.closest('.q').querySelectorAll('select').forEach((other) => {
      if (other !== select && other.value === select.value) other.value = '-';
    });
  }, true);
})();
