/* While a file is read, its page asks every two seconds how far it is; without a script the browser does. */
(function () {
  'use strict';
  const stand = document.getElementById('stand');
  if (!stand) return;
  async function ask() {
    try {
      const reply = await fetch(location.href, { credentials: 'same-origin' });
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      const now = page.getElementById('stand');
      if (!now) { location.reload(); return; }
      if (now.innerHTML !== stand.innerHTML) stand.innerHTML = now.innerHTML;
    } catch (_) { /* no network: asked again below */ }
    setTimeout(ask, 2000);
  }
  setTimeout(ask, 2000);
})();
