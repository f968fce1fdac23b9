// The outbox: every event a coder makes stays here until the server says it is durable.
//
// It belongs to the browser, not to the page: one outbox per project and coder lives on
// globalThis, so that it outlives reruns, remounts and page changes, and each event has a key of
// its own in localStorage, so that it outlives reloads and two tabs never overwrite each other.

const MOST_EVENTS = 50; // what the server takes in one request
const KEEPALIVE_BYTES = 60_000; // browsers refuse keepalive bodies over 64 kB
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;
const PATIENCE = 20_000; // a request that hangs must not hold all later saves

const shared = (globalThis.__annotatorDesk ??= { outboxes: new Map(), sessions: new Map() });

function outboxOf(project, coder) {
  const name = [project, coder].map(encodeURIComponent).join("/");
  if (!shared.outboxes.has(name)) shared.outboxes.set(name, new Outbox(name));
  return shared.outboxes.get(name);
}

// crypto.randomUUID exists only on https and localhost; a team server may be plain http.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class Outbox {
  constructor(name) {
    this.shelf = new Shelf(`annotator/unsaved/${name}/`);
    this.refusals = new Shelf(`annotator/refused/${name}/`);
    this.entries = new Map(); // uuid → { event, order, place }
    this.refused = new Map(); // uuid → { event, reason }
    this.session = null; // the one that is open: it wants new units, and hears the replies
    this.api = "";
    this.token = "";
    this.badToken = null;
    this.busy = false;
    this.failures = 0;
    this.trouble = ""; // the server's own sentence, where it gave one
    this.batch = MOST_EVENTS;
    this.keptAt = null;
    this.order = 0;
    this.load();
    this.listen();
  }

  load() {
    const saved = this.shelf.all().filter((entry) => entry.event?.uuid);
    saved.sort((one, other) => one.order - other.order);
    for (const entry of saved) this.entries.set(entry.event.uuid, entry);
    this.order = saved.at(-1)?.order ?? 0;
    for (const entry of this.refusals.all()) {
      if (entry.event?.uuid) this.refused.set(entry.event.uuid, entry);
    }
  }

  listen() {
    addEventListener("online", () => this.retry());
    addEventListener("storage", (change) => this.hearOtherTab(change));
    addEventListener("beforeunload", (leaving) => {
      if (this.size && !this.shelf.works) leaving.preventDefault();
    });
  }

  // Another tab of the same coder got an event acknowledged that this one had loaded as well.
  hearOtherTab({ key, newValue }) {
    if (newValue !== null || !key?.startsWith(this.shelf.prefix)) return;
    if (this.entries.delete(key.slice(this.shelf.prefix.length))) this.session?.changed();
  }

  get size() {
    return this.entries.size;
  }

  get offline() {
    return this.failures >= 2; // one lost request is no reason to alarm anybody
  }

  get signedOut() {
    return this.badToken !== null;
  }

  // `place` is what a later visit needs to know about the unit before it has met it again.
  add(event, place) {
    // The order survives a clock that jumps back: a retract must never overtake its event.
    this.order = Math.max(this.order + 1, Date.now());
    const entry = { event, order: this.order, place };
    this.entries.set(event.uuid, entry);
    this.shelf.put(event.uuid, entry);
    // Starting a request takes milliseconds that belong to the screen; the event is safe already.
    setTimeout(() => this.pump());
  }

  drop(id) {
    this.entries.delete(id);
    this.shelf.remove(id);
  }

  refuse(id, reason) {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.drop(id);
    const refusal = { event: entry.event, reason };
    this.refused.set(id, refusal);
    this.refusals.put(id, refusal);
    this.session?.undo.refused(refusal);
  }

  dismiss(id) {
    this.refused.delete(id);
    this.refusals.remove(id);
  }

  connect(api, token) {
    this.api = api;
    if (token !== this.token) this.badToken = null;
    this.token = token;
    this.retry();
  }

  retry() {
    this.wake?.();
    this.pump();
  }

  async pump() {
    if (this.busy || !this.session) return;
    this.busy = true;
    try {
      while (this.size || this.session.queue.wanted().query.want) await this.exchange();
    } finally {
      this.busy = false;
    }
  }

  async exchange() {
    const asked = this.session.queue.wanted();
    const events = [...this.entries.values()].slice(0, this.batch).map((entry) => entry.event);
    const answer = await attempt(() => this.send(events, asked.query));
    if (answer?.ok && answer.reply) await this.settle(answer.reply, asked, events.length);
    else await this.complain(answer, events);
  }

  send(events, query) {
    if (!events.length) return this.get("/queue", query);
    const body = JSON.stringify({ events, ...query });
    const bytes = new TextEncoder().encode(body).length;
    return this.post("/events", body, bytes < KEEPALIVE_BYTES);
  }

  post(path, body, keepalive = false) {
    return fetch(`${this.api}${path}`, {
      method: "POST",
      body,
      keepalive,
      headers: { "content-type": "application/json", ...this.signed() },
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  get(path, query) {
    return fetch(`${this.api}${path}?${new URLSearchParams(query)}`, {
      headers: this.signed(),
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  // What panels ask for: a reply, or null when there is none to be had now.
  async ask(path, query) {
    const answer = await attempt(() => this.get(path, query));
    return answer?.ok ? answer.reply : null;
  }

  // What is wanted now or not at all, unlike events: { ok, status, reply }, or null without a server.
  tell(path, body) {
    return attempt(() => this.post(path, JSON.stringify(body)));
  }

  // Not in Authorization, where the browser puts the password that a proxy may ask for.
  signed() {
    return { "annotator-token": this.token };
  }

  async settle(reply, asked, sent) {
    const told = (reply.acks?.length ?? 0) + (reply.rejected?.length ?? 0);
    for (const id of reply.acks ?? []) this.drop(id);
    for (const { uuid: id, reason } of reply.rejected ?? []) this.refuse(id, reason);
    if (sent && !told) return this.pause(""); // or the same request would go out in a tight loop
    this.failures = 0;
    this.trouble = "";
    this.batch = MOST_EVENTS;
    if (reply.acks?.length) this.keptAt = new Date();
    this.session.queue.absorb(reply, asked);
  }

  async complain(answer, events) {
    const status = answer?.status ?? 0;
    const trouble = answer?.reply?.error ?? "";
    const refused = status >= 400 && status < 500 && status !== 408 && status !== 429;
    if (status === 401) return this.askForToken();
    if (!refused || !events.length) return this.pause(trouble);
    if (events.length > 1) {
      this.batch = 1; // one bad event must not hold the good ones: find out which it is
      return;
    }
    this.refuse(events[0].uuid, trouble || `the server answered ${status}`);
    this.session.changed();
  }

  // Asked again with every pause: the first request may have gone to a server that was just
  // being restarted.
  async askForToken() {
    this.badToken = this.token;
    this.session.askForToken();
    await this.pause("");
  }

  async pause(trouble) {
    this.failures += 1;
    this.trouble = trouble;
    this.session.changed();
    const length = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.failures - 1));
    await new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, length);
    });
    this.wake = null;
  }
}

// A request's answer, or null when there was none. fetch throws TypeError without a network and
// DOMException on a timeout; anything else is a bug of ours, and should be seen.
async function attempt(request) {
  try {
    const response = await request();
    const reply = await response.json().catch(() => null); // a cut-off or foreign body
    return { ok: response.ok, status: response.status, reply };
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof DOMException) return null;
    throw fault;
  }
}
