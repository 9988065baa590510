/* The phone's side of an exam: nothing is lost, nothing waits. For old web-views: ES2017, no build step. */
(function () {
  'use strict';
  document.documentElement.classList.add('js');

  const PER_REQUEST = 5;
  const LONGEST_WAIT = 30000;
  const PATIENCE = 15000;
  const HEARTBEAT = 30000;
  const byId = (id) => document.getElementById(id);
  const fill = (words, n) => words.replace('{n}', n);
  const tap = (id, act) => byId(id).addEventListener('click', act);

  // storage; memory where the browser refuses
  const memory = {};
  const store = {
    works: true,
    get: (key) => {
      try { return localStorage.getItem(key) || memory[key] || null; } catch (e) { return memory[key] || null; }
    },
    set: (key, text) => {
      try { localStorage.setItem(key, text); delete memory[key]; } catch (e) { store.works = false; memory[key] = text; }
    },
    remove: (key) => {
      delete memory[key];
      try { localStorage.removeItem(key); } catch (e) { store.works = false; }
    },
    keys: (prefix) => {
      const found = Object.keys(memory);
      try { for (let i = 0; i < localStorage.length; i++) found.push(localStorage.key(i)); } catch (e) { store.works = false; }
      return found.filter((key, at) => key.indexOf(prefix) === 0 && found.indexOf(key) === at);
    }
  };
  try {
    localStorage.setItem('try', '1');
    localStorage.removeItem('try');
  } catch (e) { store.works = false; }

  function parse(text) {
    try {
      const entry = JSON.parse(text);
      return entry && entry.seq > 0 && Array.isArray(entry.response) ? entry : null;
    } catch (e) { return null; }
  }

  /* Of two answers the later one: by number, and by time where two tabs took the same number at once. */
  function later(one, other) {
    if (!one || !other) return one || other;
    return one.seq > other.seq || (one.seq === other.seq && one.at >= other.at) ? one : other;
  }

  /* What is not acknowledged yet, one key per attempt and question. Tabs see each other's storage late:
     what this tab wrote it also remembers itself until it is acknowledged or overtaken. */
  function makeOutbox(officer, attempt) {
    const prefix = 'outbox:' + officer + ':' + attempt + ':';
    const own = {};
    const stored = (no) => parse(store.get(prefix + no));
    const outbox = {
      prefix,
      get: (no) => later(own[no], stored(no)),
      put: (no, entry) => {
        own[no] = entry;
        store.set(prefix + no, JSON.stringify(entry));
      },
      drop: (no) => {
        delete own[no];
        store.remove(prefix + no);
      },
      overtaken: (no, entry) => { if (later(entry, own[no]) === entry) delete own[no]; },
      waiting: () => {
        const numbers = Object.keys(own);
        store.keys(prefix).forEach((key) => {
          const no = key.slice(prefix.length);
          if (!parse(store.get(key))) store.remove(key);
          else if (numbers.indexOf(no) < 0) numbers.push(no);
        });
        return numbers.map((no) => Object.assign({ no: Number(no) }, outbox.get(no))).sort((a, b) => a.at - b.at);
      },
      /* Forget what was sent and acknowledged, and nothing that came after it. */
      acknowledge: (sent) => {
        const covers = (entry) => {
          return entry && (entry.seq < sent.seq || (entry.seq === sent.seq && entry.flagged === sent.flagged &&
            entry.response.join() === sent.response.join()));
        };
        if (covers(own[sent.no])) delete own[sent.no];
        if (covers(stored(sent.no))) store.remove(prefix + sent.no);
      },
      clear: () => {
        Object.keys(own).forEach((no) => { delete own[no]; });
        store.keys(prefix).forEach(store.remove);
      }
    };
    return outbox;
  }

  // time: the server's, carried on by the monotonic clock; never the phone's own --
  function makeClock(stamp) {
    const timing = performance.timing || {};
    const latency = timing.responseStart ? timing.responseStart - timing.navigationStart : performance.now();
    let base = stamp * 1000 - latency;
    return {
      now: () => base + performance.now(),
      shift: (ms) => { base += ms; }
    };
  }

  // network
  function call(method, path, body) {
    const meta = document.querySelector('meta[name=csrf-token]');
    const control = window.AbortController ? new AbortController() : null;
    const sent = performance.now();
    const headers = { Accept: 'application/json', 'X-CSRFToken': meta ? meta.content : '' };
    if (body) headers['Content-Type'] = 'application/json';
    const answer = fetch(path, {
      method, headers, credentials: 'same-origin', cache: 'no-store',
      body: body && JSON.stringify(body), signal: control ? control.signal : undefined
    }).then((response) => {
      return response.json().then((data) => {
        return {
          status: response.status, data, code: data.code,
          retryAfter: Number(response.headers.get('Retry-After')) || 0,
          age: (performance.now() - sent) / 2
        };
      });
    });
    const patience = new Promise((resolve, reject) => {
      setTimeout(() => {
        if (control) control.abort();
        reject(new Error('no answer'));
      }, PATIENCE);
    });
    return Promise.race([answer, patience]);
  }

  function isBusy(answer) { return answer.status === 429 || answer.status >= 500; }

  function backOff(failures) {
    return Math.min(LONGEST_WAIT, 1000 * Math.pow(2, failures - 1)) * (0.5 + Math.random() / 2);
  }

  /* Sends what waits until it is acknowledged. `refused`: what sending again will not mend. */
  function makeSender(attempt, outbox, clock, hear) {
    let busy = false;
    let failures = 0;
    let timer = 0;
    let stopped = false;

    function retry(reason, retryAfter) {
      failures += 1;
      clearTimeout(timer);
      const wait = Math.max(backOff(failures), Math.min(LONGEST_WAIT, retryAfter * 1000 * (1 + Math.random() / 2)));
      timer = setTimeout(() => { timer = 0; pump(); }, wait);
      hear.failed(reason);
    }

    function onAnswer(answer, batch) {
      busy = false;
      if (answer.status === 200) {
        failures = 0;
        batch.forEach((entry) => {
          if (answer.data.saved.some((done) => done.no === entry.no && done.seq >= entry.seq)) outbox.acknowledge(entry);
        });
        hear.saved(answer);
        if (answer.data.saved.length) pump(); else retry('busy', 0);
      } else if (isBusy(answer)) {
        retry('busy', answer.retryAfter);
      } else if (answer.status === 422 && mend(answer.data.problems || [])) {
        pump();
      } else {
        stopped = true;
        hear.refused(answer);
      }
    }

    /* A number taken elsewhere: this answer is newer, it takes the next one. */
    function mend(problems) {
      problems.forEach((problem) => {
        const entry = outbox.get(problem.no);
        if (entry && problem.code === 'seq_taken' && hear.renumbered) {
          entry.seq = Math.max(entry.seq, problem.seq || 0) + 1;
          outbox.put(problem.no, entry);
          hear.renumbered(problem.no, entry.seq);
        } else if (problem.no) {
          outbox.drop(problem.no);
          hear.dropped(problem.no);
        }
      });
      return problems.some((problem) => problem.no);
    }

    function pump() {
      if (busy || stopped || timer) return;
      const batch = outbox.waiting().slice(0, PER_REQUEST);
      if (!batch.length) return;
      busy = true;
      call('PUT', '/attempts/' + attempt + '/answers', {
        answers: batch.map((entry) => {
          return {
            no: entry.no, response: entry.response, seq: entry.seq, flagged: entry.flagged,
            age_ms: Math.max(0, Math.round(clock.now() - entry.at))
          };
        })
      }).then((answer) => { onAnswer(answer, batch); }, () => { busy = false; retry('offline', 0); });
    }

    return {
      poke: pump,
      now: () => { clearTimeout(timer); timer = 0; failures = 0; pump(); },
      stop: () => { stopped = true; clearTimeout(timer); timer = 0; }
    };
  }

  // every page: what still waits on this phone, signing out, showing a password
  function watchWaiting(box) {
    const prefix = 'outbox:' + box.dataset.officer + ':';
    const count = () => store.keys(prefix).length;
    const clock = makeClock(Number(box.dataset.now));
    const attempts = {};
    store.keys(prefix).forEach((key) => { attempts[key.slice(prefix.length).split(':')[0]] = true; });
    const tell = () => {
      box.hidden = false;
      box.textContent = count() ? fill(box.dataset.some, count()) : box.dataset.done;
    };
    const senders = Object.keys(attempts).map((attempt) => {
      const outbox = makeOutbox(box.dataset.officer, attempt);
      return makeSender(attempt, outbox, clock, {
        saved: tell,
        failed: tell,
        dropped: tell,
        refused: (answer) => { if (answer.code === 'attempt_closed') { outbox.clear(); tell(); } }
      });
    });
    if (senders.length) tell();
    const all = () => { senders.forEach((sender) => { sender.now(); }); };
    all();
    window.addEventListener('online', all);
    document.addEventListener('visibilitychange', all);
    watchSignOut(prefix, box.dataset.leave);
  }

  function watchSignOut(prefix, words) {
    const form = document.querySelector('form[action="/logout"]');
    if (!form) return;
    form.addEventListener('submit', (event) => {
      const keys = store.keys(prefix);
      if (keys.length && !window.confirm(fill(words, keys.length))) event.preventDefault();
      else keys.forEach(store.remove);
    });
  }

  function showLine(line) {
    line.textContent = !navigator.onLine ? line.dataset.off : store.works ? line.dataset.good : line.dataset.bad;
  }

  function offerToShow(input) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'show';
    button.textContent = input.dataset.show;
    button.setAttribute('aria-controls', input.id);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      const hidden = input.type === 'password';
      input.type = hidden ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(hidden));
    });
    input.insertAdjacentElement('afterend', button);
  }

  // the paper
  function openPaper(form) {
    const words = JSON.parse(byId('words').textContent);
    const attempt = form.dataset.attempt;
    const outbox = makeOutbox(form.dataset.officer, attempt);
    const placeKey = 'place:' + form.dataset.officer + ':' + attempt;
    const page = '/attempts/' + attempt;
    const clock = makeClock(Number(form.dataset.now));
    const questions = {};
    const cells = {};
    const views = { paper: form, card: byId('card'), confirm: byId('confirm'), state: byId('state') };
    let due = Number(form.dataset.due) * 1000;
    let revision = Number(form.dataset.revision);
    let here = 1;
    let view = 'paper';
    let lastLeft = Infinity;
    let lost = '';
    let wasLost = '';
    let halted = false;
    let handing = false;
    let isAuto = false;
    let submitting = false;
    let tries = 0;
    let submitTimer = 0;
    let noticeTimer = 0;
    let leaving = false;
    let guarded = false;

    form.querySelectorAll('.q').forEach((box) => {
      const no = Number(box.id.slice(2));
      questions[no] = {
        no, box, seq: Number(box.dataset.seq), at: 0, material: box.dataset.case ? byId('case-' + box.dataset.case) : null,
        inputs: Array.prototype.slice.call(box.querySelectorAll('[name="q' + no + '"]')),
        flag: box.querySelector('[name="f' + no + '"]')
      };
    });
    const total = Object.keys(questions).length;
    const each = (act) => { for (let no = 1; no <= total; no++) act(questions[no]); };
    document.querySelectorAll('#card button.cell').forEach((cell) => { cells[cell.value] = cell; });

    const sender = makeSender(attempt, outbox, clock, {
      saved: (answer) => { reached(); follow(answer); },
      failed: (reason) => { missed(reason); },
      refused: refused,
      renumbered: (no, seq) => { questions[no].seq = Math.max(questions[no].seq, seq); },
      dropped: (no) => { notice(fill(words.refused, no), true); showSaved(); }
    });

    // answers
    function response(q) {
      if (q.inputs[0].type === 'text') return q.inputs[0].value.trim() ? [q.inputs[0].value.trim()] : [];
      if (q.inputs[0].tagName === 'SELECT') return q.inputs.some((input) => input.value !== '-') ? q.inputs.map((input) => input.value) : [];
      return q.inputs.filter((input) => input.checked).map((input) => input.value);
    }

    function apply(q, entry) {
      q.seq = entry.seq;
      q.at = entry.at;
      q.flag.checked = entry.flagged;
      q.inputs.forEach((input, at) => {
        if (input.type === 'text') input.value = entry.response[0] || '';
        else if (input.tagName === 'SELECT') input.value = entry.response[at] || '-';
        else input.checked = entry.response.indexOf(input.value) >= 0;
      });
      showCell(q);
    }

    function changed(q) {
      const stored = outbox.get(q.no);
      q.seq = Math.max(q.seq, stored ? stored.seq : 0) + 1;
      q.at = clock.now();
      outbox.put(q.no, { seq: q.seq, response: response(q), flagged: q.flag.checked, at: q.at });
      showCell(q);
      showSaved();
      sender.poke();
    }

    /* The server's paper is the newer one unless this phone holds a higher number. */
    function restore() {
      each((q) => {
        const entry = outbox.get(q.no);
        if (entry && entry.seq > q.seq) apply(q, entry);
        else if (entry) outbox.drop(q.no);
      });
    }

    // what is shown
    function showCell(q) {
      const cell = cells[q.no];
      const isDone = response(q).length > 0;
      cell.className = 'cell' + (isDone ? ' done' : '') + (q.flag.checked ? ' flagged' : '') + (q.no === here ? ' current' : '');
      cell.setAttribute('aria-label', fill(words.cell, q.no).replace('{state}', (isDone ? words.done : words.open) + (q.flag.checked ? words.flagged : '')));
      cell.hidden = byId('only').checked && isDone;
      byId('done').textContent = numbers((one) => response(one).length > 0).length;
    }

    function numbers(holds) {
      const found = [];
      each((q) => { if (holds(q)) found.push(q.no); });
      return found;
    }

    function showSaved() {
      const n = outbox.waiting().length;
      const box = byId('saved');
      box.className = n || lost ? 'warn' : 'good';
      if (lost === 'busy' && !halted) box.textContent = fill(words.busy, n);
      else if (n && (lost || halted)) box.textContent = fill(words.local, n);
      else if (lost) box.textContent = words.again;
      else if (n) box.textContent = words.saving;
      else if (!store.works) { box.className = 'warn'; box.textContent = words.nostore; }
      else box.textContent = words.saved + ' ✓';
      const uploads = byId('uploads');
      uploads.hidden = !n;
      uploads.textContent = fill(words.uploading, n);
      fit();
      if (handing) proceed();
    }

    /* Large type on a small screen: what stays in place may not cover the question. */
    function fit() {
      const bar = byId('bar').offsetHeight;
      const half = window.innerHeight / 2;
      document.body.classList.toggle('tight', bar + document.querySelector('.thumb').offsetHeight > half);
      document.body.classList.toggle('tighter', bar > half);
    }

    function notice(text, isBad) {
      const box = byId('notice');
      box.textContent = text;
      box.className = 'note ' + (isBad ? 'bad' : 'warn');
      box.hidden = !text;
      byId('say').textContent = text;
      clearTimeout(noticeTimer);
      noticeTimer = setTimeout(() => { box.hidden = true; fit(); }, 20000);
      fit();
    }

    function show(name) {
      view = name;
      Object.keys(views).forEach((key) => { views[key].hidden = key !== name; });
      document.body.classList.toggle('carding', name === 'card');
      if (name === 'card') each(showCell);
      if (name === 'confirm') showReview();
      if (name !== 'paper') views[name].focus();
      fit();
      window.scrollTo(0, 0);
    }

    function go(no, isFirst) {
      here = Math.min(Math.max(no, 1), total);
      store.set(placeKey, String(here));
      each((q) => {
        q.box.classList.toggle('here', q.no === here);
        if (q.material) q.material.classList.toggle('here', q.material === questions[here].material);
      });
      byId('back').disabled = here === 1;
      byId('next').textContent = here === total ? words.finish : words.next;
      show('paper');
      if (form.classList.contains('list')) questions[here].box.scrollIntoView();
      if (!isFirst) questions[here].box.focus({ preventScroll: true });
    }

    function jumps(list) {
      const box = document.createElement('p');
      box.className = 'cells';
      list.forEach((no) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = cells[no].className.replace(' current', '');
        button.setAttribute('aria-label', cells[no].getAttribute('aria-label'));
        button.textContent = no;
        button.addEventListener('click', () => { go(no); });
        box.appendChild(button);
      });
      return box;
    }

    function showReview() {
      const box = byId('review');
      const open = numbers((q) => !response(q).length);
      const flagged = numbers((q) => q.flag.checked);
      const line = (text) => { box.appendChild(document.createElement('p')).textContent = text; };
      each(showCell);
      box.textContent = '';
      line(open.length ? fill(words.some_open, open.length) : words.none_open);
      if (open.length) box.appendChild(jumps(open));
      if (flagged.length) {
        line(fill(words.some_flagged, flagged.length));
        box.appendChild(jumps(flagged));
      }
      showSaved();
    }

    /* A full page instead of the paper: what is the matter, and the one thing to do. */
    function state(name, text, link, href, button) {
      const put = (id, label) => {
        byId(id).textContent = label || '';
        byId(id).hidden = !label;
      };
      put('state-title', words[name]);
      put('state-words', text || words[name + '_words']);
      put('state-more');
      put('state-go', link);
      put('state-back', button);
      byId('state-go').href = href;
      byId('state-go').className = 'button' + (button ? '' : ' main');
      show('state');
    }

    function more(text) {
      if (byId('state-more').textContent !== text) byId('state-more').textContent = text;
      byId('state-more').hidden = !text;
    }

    // what the server says
    function reached() {
      wasLost = wasLost || lost;
      lost = '';
      tries = 0;
      if (wasLost && !outbox.waiting().length) {
        if (!handing) notice(words.online, false);
        wasLost = '';
      }
      showSaved();
    }

    function missed(reason) {
      if (lost !== reason && reason === 'offline' && !handing) notice(words.offline, false);
      lost = reason;
      showSaved();
    }

    function refused(answer) {
      const code = answer.code;
      if (code === 'attempt_closed') closed();
      else if (code === 'sign_in_required' || code === 'csrf_failed') halt('session', '', words.to_login, page);
      else if (code === 'moved_to_other_device') halt('moved', '', words.to_here, page);
      else if (code === 'not_your_attempt') halt('other', '', words.to_home, '/');
      else halt('closed', answer.data.message, words.to_home, '/');
    }

    function halt(name, text, link, href) {
      if (halted) return;
      halted = leaving = true;
      handing = false;
      sender.stop();
      clearTimeout(submitTimer);
      showSaved();
      state(name, text, link, href);
    }

    function closed() {
      outbox.clear();
      store.remove(placeKey);
      if (handing) { leaving = true; location.replace(page + '/receipt'); } else halt('closed', '', words.to_receipt, page + '/receipt');
    }

    /* Take over the server's time: exactly after a change of the exam, gently otherwise. */
    function follow(answer) {
      const told = answer.data;
      const left = told.remaining_s * 1000 + 500 - answer.age;
      const mine = due - clock.now();
      if (told.revision > revision) {
        revision = told.revision;
        due = clock.now() + left;
        const minutes = Math.round((left - mine) / 60000);
        if (told.state === 'open') notice(minutes > 0 ? fill(words.longer, minutes) : words.shorter, false);
        lastLeft = Infinity;
      } else if (told.remaining_s > 0 && Math.abs(left - mine) > 1000) {
        clock.shift(mine - left);
      }
      tick();
      if (told.state === 'closed') closed();
    }

    function ask() {
      if (halted) return Promise.resolve();
      return call('GET', page + '/state').then((answer) => {
        if (answer.status === 200) { follow(answer); reached(); }
        else if (isBusy(answer)) missed('busy');
        else refused(answer);
      }, () => missed('offline'));
    }

    function wake() {
      if (document.visibilityState === 'hidden' || halted) return;
      tick();
      ask();
      sender.now();
      if (handing) { clearTimeout(submitTimer); submitTimer = 0; proceed(); }
    }

    // time
    function tick() {
      const left = Math.max(0, Math.ceil((due - clock.now()) / 1000));
      byId('left').textContent = Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0');
      byId('time').className = 'left' + (left <= 60 ? ' last' : left <= 300 ? ' low' : '');
      [600, 300, 60].forEach((mark) => {
        if (lastLeft !== Infinity && lastLeft > mark && left <= mark && left > mark - 30) {
          notice(mark === 60 ? words.last : fill(words.minutes, mark / 60), mark === 60);
        }
      });
      lastLeft = left;
      if (left === 0 && !halted && !handing) handIn('over');
      else if (isAuto) showLatest();
    }

    function showLatest() {
      if (view !== 'state' || !lost || !outbox.waiting().length) return;
      const at = due + Number(form.dataset.allowance) * 1000;
      const text = new Date(at + 8 * 3600000).toISOString().slice(11, 19);
      byId('state-words').textContent = clock.now() < at ? words.over_offline.replace('{at}', text) : words.over_late;
    }

    // handing in: first what still waits, then the hand-in, as often as it takes
    function handIn(name) {
      if (handing || halted) return;
      handing = true;
      isAuto = name === 'over';
      state(name);
      sender.now();
      proceed();
    }

    function proceed() {
      const n = outbox.waiting().length;
      if (halted || submitting || submitTimer) return;
      if (n) {
        more(fill(words.waiting, n));
        sender.poke();
        return;
      }
      submitting = true;
      // when the time is over the server is asked first: the exam may have been extended meanwhile
      (isAuto ? ask() : Promise.resolve()).then(() => {
        if (halted || leaving) return;
        if (isAuto && due - clock.now() > 1000) {
          handing = isAuto = submitting = false;
          go(here);
        } else {
          submit();
        }
      });
    }

    function submit() {
      call('POST', page + '/submit', {}).then((answer) => {
        submitting = false;
        if (answer.status === 200) closed();
        else if (isBusy(answer)) again('busy');
        else refused(answer);
      }, () => { submitting = false; again('offline'); });
    }

    function again(reason) {
      tries += 1;
      submitTimer = setTimeout(() => { submitTimer = 0; proceed(); }, backOff(tries));
      lost = reason;
      more(fill(words.tries, tries));
    }

    // leaving
    function guard() {
      if (guarded || leaving) return;
      guarded = true;
      history.pushState(null, '');
    }

    function onBack() {
      guarded = false;
      if (leaving || handing) return;
      if (view === 'paper') {
        state('leave', lost && words.leave_offline, words.go, '/', words.stay);
      } else {
        go(here);
      }
      guard();
    }

    function onPreference(event) {
      const button = event.submitter || document.activeElement;
      if (!lost && !outbox.waiting().length && navigator.onLine) { leaving = true; return; }
      event.preventDefault();
      if (button) notice(words.wait_online, false);
    }

    // hearing
    function remember(id, key, act) {
      byId(id).checked = store.get(key) === '1';
      byId(id).addEventListener('change', () => {
        store.set(key, byId(id).checked ? '1' : '0');
        act();
      });
    }

    function showList() { form.classList.toggle('list', byId('list').checked); }

    form.addEventListener('change', (event) => {
      const box = event.target.closest('.q');
      if (box) changed(questions[Number(box.id.slice(2))]);
    });
    form.addEventListener('click', (event) => {
      const isChoice = event.target.type === 'radio' && event.screenX + event.screenY > 0;
      if (isChoice && byId('advance').checked && !byId('list').checked && here < total) {
        setTimeout(() => { go(here + 1); }, 250);
      }
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      show('confirm');
    });
    tap('back', () => go(here - 1));
    tap('next', () => here === total ? show('confirm') : go(here + 1));
    tap('to-card', () => show('card'));
    tap('resume', () => go(here));
    tap('check', () => go(here));
    tap('to-confirm', () => show('confirm'));
    tap('submit', () => handIn('handing'));
    tap('state-back', () => go(here));
    tap('state-go', () => { leaving = true; });
    byId('only').addEventListener('change', () => { each(showCell); });
    byId('card').addEventListener('click', (event) => {
      if (event.target.value && cells[event.target.value]) go(Number(event.target.value));
    });
    remember('advance', 'advance', () => {});
    remember('list', 'list', showList);
    document.addEventListener('click', guard);
    window.addEventListener('resize', fit);
    window.addEventListener('popstate', onBack);
    window.addEventListener('online', wake);
    window.addEventListener('offline', () => { missed('offline'); });
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('pageshow', (event) => { if (event.persisted) { leaving = false; wake(); } });
    window.addEventListener('beforeunload', (event) => {
      if (!leaving && lost && outbox.waiting().length) { event.preventDefault(); event.returnValue = ''; }
    });
    window.addEventListener('storage', (event) => {
      if (!event.key || event.key.indexOf(outbox.prefix) !== 0) return;
      const q = questions[Number(event.key.slice(outbox.prefix.length))];
      const entry = event.newValue ? parse(event.newValue) : null;
      if (q && entry && later(entry, { seq: q.seq, at: q.at }) === entry) {
        outbox.overtaken(q.no, entry);
        apply(q, entry);
      }
      showSaved();
    });
    document.querySelectorAll('form[action="/preferences"]').forEach((one) => {
      one.addEventListener('submit', onPreference);
    });
    watchSignOut('outbox:' + form.dataset.officer + ':', words.sign_out);

    // begin
    restore();
    each(showCell);
    showList();
    document.querySelector('.thumb').hidden = false;
    const first = numbers((q) => !response(q).length)[0] || 1;
    go(Number(store.get(placeKey)) || first, true);
    showSaved();
    tick();
    setInterval(tick, 500);
    setInterval(() => { if (document.visibilityState !== 'hidden' && !handing) ask(); }, HEARTBEAT);
    sender.poke();
  }

  document.addEventListener('DOMContentLoaded', () => {
    const paper = byId('paper');
    const waiting = byId('waiting');
    if (paper) openPaper(paper);
    if (waiting) watchWaiting(waiting);
    if (byId('line')) showLine(byId('line'));
    document.querySelectorAll('input[data-show]').forEach(offerToShow);
  });
}());
