/* Interactive charts of the organizer's page: the figures come from the server, as the table below does. */
(function () {
  'use strict';
  var box = document.getElementById('charts');
  var state = document.getElementById('charts-state');
  if (!box) { return; }
  function fail() { state.textContent = box.getAttribute('data-failed'); }
  if (!window.Plotly) { fail(); return; }
  fetch(box.getAttribute('data-figures'), { credentials: 'same-origin', headers: { Accept: 'application/json' } })
    .then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    })
    .then(function (figures) {
      figures.forEach(function (figure) {
        var part = document.createElement('div');
        part.className = 'interactive';
        box.appendChild(part);
        window.Plotly.newPlot(part, figure.data, figure.layout, { responsive: true, displaylogo: false });
      });
      state.hidden = true;
    })
    .catch(fail);
}());
