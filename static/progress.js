/* While a file is read, its page asks every second how far it is; without a script the browser does. */
(function () {
  'use strict';
  const parts = ['step', 'stand'];
  if (!document.getElementById('stand')) return;
  async function ask() {
    try {
      const reply = await fetch(location.href, { credentials: 'same-origin' });
      if (reply.status >= 500) throw reply;
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      if (!page.getElementById('stand')) { location.reload(); return; }
      parts.forEach((id) => {
        const shown = document.getElementById(id), now = page.getElementById(id);
        if (now.innerHTML !== shown.innerHTML) shown.innerHTML = now.innerHTML;
      });
    } catch (_) { /* no network, or a server that restarts: asked again below */ }
    setTimeout(ask, 1000);
  }
  setTimeout(ask, 1000);
})();
