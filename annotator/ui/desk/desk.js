// The desk: one component that owns the coder's loop. Python sends the scheme and the first units;
// from there on keys change the session at once, the view follows in the same task, and the
// outbox tells the server behind their backs.

const LOOK_AGAIN = 4_000; // milliseconds, at a desk that waits for something

class Desk {
  constructor(root) {
    this.root = root;
    this.host = root.getRootNode().host ?? root;
    this.view = new View(root);
    this.panels = new Panels(root, this.view.parts, this);
    this.firstSteps = new FirstSteps(this.view.parts);
    this.finger = new RestingFinger(root, (chip) => this.explainInFull(chip));
    this.commands = new CommandsView(this.view.parts.commands);
    this.sight = new Sight(root, [this.view.parts.now, this.view.parts.beforeBox]);
    this.hearOutside = (event) => this.hearFromDocument(event);
    this.look = () => document.visibilityState === "visible" && this.session?.lookAgain();
    this.dialogs = new MutationObserver(() => this.clearAway());
    root.addEventListener("keydown", (event) => this.hear(event));
    root.addEventListener("click", (event) => this.click(event));
    for (const kind of ["pointerover", "focusin"]) {
      root.addEventListener(kind, (event) => this.explain(event));
    }
    const { sentence } = this.view.parts;
    sentence.addEventListener("mousedown", ({ button }) => (this.selecting = button === 0));
    root.addEventListener("pointermove", () => this.session.clock.touch(), { passive: true });
  }

  // --- mounting ---------------------------------------------------------------------------

  attach() {
    if (this.attached) return;
    this.attached = true;
    document.addEventListener("keydown", this.hearOutside, true);
    addEventListener("focus", this.look);
    this.looking = setInterval(this.look, LOOK_AGAIN);
    addEventListener("pagehide", this.keepMemo);
    this.dialogs.observe(document.body, { childList: true });
    document.addEventListener("mouseup", this.endSelection);
    this.sight.watch();
    requestAnimationFrame(() => this.takeFocus());
  }

  detach() {
    this.attached = false;
    document.removeEventListener("keydown", this.hearOutside, true);
    removeEventListener("focus", this.look);
    clearInterval(this.looking);
    removeEventListener("pagehide", this.keepMemo);
    document.removeEventListener("mouseup", this.endSelection);
    this.dialogs.disconnect();
    this.sight.rest();
    this.panels.close();
    if (this.session) this.session.onchange = this.session.requestToken = null;
  }

  // Without a connection Streamlit opens a dialog over the page. The desk goes on without one, and
  // says so itself; closed once, Streamlit leaves it closed.
  clearAway() {
    for (const dialog of document.querySelectorAll('[data-testid="stDialog"]')) {
      if (dialog.querySelector("h2")?.textContent !== "Connection error") continue;
      dialog.querySelector('button[aria-label="Close"]')?.click();
      setTimeout(() => this.takeFocus(), 300); // the dialog fades, and gives the focus back last
    }
  }

  keepMemo = () => this.panels.close();

  takeFocus() {
    const busy = document.activeElement?.matches("input, textarea, select, [contenteditable]");
    if (!busy && !this.panels.open && !isDialogOpen()) this.root.focus({ preventScroll: true });
  }

  // --- the session ------------------------------------------------------------------------

  update(data, setTriggerValue) {
    const session = sessionOf(data);
    session.requestToken = () => setTriggerValue("token", Date.now());
    session.onchange = null; // painted once, below
    session.update(data);
    if (this.session && session !== this.session) this.session.onchange = null;
    this.session = this.view.session = session;
    this.firstSteps.take(data.guide, () => setTriggerValue("guide", "left"));
    session.onchange = () => this.paint();
    this.paint();
    this.comeTo(data.visit ?? "");
  }

  // The sentence that the address names, once: every rerun of the page brings it again.
  comeTo(unit) {
    const come = unit && unit !== this.come;
    this.come = unit;
    if (come) this.visit(unit);
  }

  paint() {
    const before = this.root.dataset.unit;
    const { scheme } = this.view;
    this.view.paint();
    this.firstSteps.paint(this.session);
    const { item } = this.session;
    if (this.root.dataset.unit !== before) this.sight.bring(this.view.parts.now);
    if (this.view.scheme !== scheme) this.panels.open?.renew?.();
    this.commands.paint(item);
  }

  // --- keys -------------------------------------------------------------------------------

  hearFromDocument(event) {
    if (!this.root.isConnected || event.composedPath().includes(this.root)) return;
    if (isHeardFromOutside(this.host)) this.hear(event);
  }

  hear(event) {
    if (isDialogOpen()) return; // a dialog of the page's is over the desk
    if (this.panels.open) return this.hearInPanel(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    event.stopPropagation(); // "c" and "r" are Streamlit's own keys
    if (isForFocused(event)) return event.repeat && event.preventDefault();
    const meaning = meaningOf(event, this.session);
    if (meaning) this.act(event, meaning);
    else this.scroll(event);
  }

  hearInPanel(event) {
    event.stopPropagation();
    if (!event.isComposing && this.panels.hear(event)) event.preventDefault();
  }

  // A held key does nothing at all, but for going from word to word: a toggle that flickers is no
  // better than a save that repeats.
  act(event, { cell, use, command }) {
    event.preventDefault();
    if (event.repeat && !command?.held) return;
    this.session.clock.touch();
    if (cell) this.toggle(cell, use);
    else this.run(command.name);
  }

  // A long sentence, or the article on its card, scrolls inside its own box.
  scroll(event) {
    const { now, whole } = this.view.parts;
    const box = isCard(this.session.item) ? whole : now;
    const page = box === whole ? pagesOf(box) : {};
    const step = { ArrowDown: 32, ArrowUp: -32, ...page }[event.key];
    if (!step || box.scrollHeight <= box.clientHeight) return;
    event.preventDefault();
    box.scrollBy({ top: step });
  }

  // --- choosing words ---------------------------------------------------------------------

  // The mouse button is up again: what lies between is evidence, and a mere click a place in it.
  endSelection = ({ detail: clicks }) => {
    if (!this.selecting) return;
    this.selecting = false;
    if (!this.session.item || this.panels.open) return;
    const [from, to] = selectionIn(this.view.parts.sentence) ?? [0, 0];
    this.session.clock.touch();
    if (from < to) this.session.evidence.select(from, to, clicks > 1);
    else this.session.evidence.point(from);
    getSelection()?.removeAllRanges();
    this.paint();
  };

  // Where a text runs from right to left, so do its words.
  step(arrow) {
    return getComputedStyle(this.view.parts.sentence).direction === "rtl" ? -arrow : arrow;
  }

  // --- what keys and buttons do -----------------------------------------------------------

  toggle(cell, use) {
    this.session.hand.toggle(cell, use);
    this.view.about = cell;
    this.paint();
  }

  run(name) {
    ACTIONS[name](this);
    this.paint();
  }

  visit(unit) {
    if (!this.session.visit(unit)) this.session.fetch(unit);
    this.paint();
  }

  async walk(which) {
    await this.session.walk(which);
    this.takeFocus(); // the button has gone with the end's card
  }

  click(event) {
    const button = event.target.closest("button");
    const byKey = event.detail === 0;
    if (!button || this.panels.open || (this.finger.rested && !byKey)) return;
    this.session.clock.touch();
    this.press(button, event);
    // After a mouse click the keys go on; after Space the focus stays where the coder put it.
    if (!byKey && !this.panels.open) this.root.focus({ preventScroll: true });
  }

  press(button, event) {
    const { noticeShow, noticeDismiss } = this.view.parts;
    const chip = button.dataset.testid === "code" && this.view.chips.of(button);
    if (chip) this.toggle(chip.cell, this.useOf(chip.cell, event));
    for (const [name, does] of Object.entries(PRESSES)) {
      if (name in button.dataset) does(this, button.dataset[name]);
    }
    if (button === noticeShow) this.showRefused();
    if (button === noticeDismiss) this.dismissRefused();
    this.paint();
  }

  // A finger has no Shift: it goes on from asserted to rejected, where that may be, and then to off.
  useOf(cell, { shiftKey, pointerType }) {
    const goesOn = pointerType === "touch" && cell.rejectable && this.session.hand.answerFor(cell);
    return shiftKey || goesOn ? "rejected" : "asserted";
  }

  // Its button goes with it.
  removeTuple(key) {
    this.session.tuples.remove(key);
    this.root.focus({ preventScroll: true });
  }

  showRefused() {
    const { unit } = noticeOf(this.session);
    if (unit) this.visit(unit);
  }

  dismissRefused() {
    const { refusal } = noticeOf(this.session);
    if (refusal) this.session.outbox.dismiss(refusal.event.uuid);
  }

  explain(event) {
    const button = event.target.closest?.("[data-testid=code]");
    const chip = button && this.view.chips.of(button);
    if (chip) this.view.explain(chip.cell);
  }

  explainInFull(button) {
    this.view.explain(this.view.chips.of(button).cell);
    this.run("card");
  }
}

// What a button does, by the attribute that it carries: `data-visits` and so on.
const PRESSES = {
  command: (desk, name) => desk.run(name),
  visits: (desk, unit) => desk.visit(unit),
  walks: (desk, which) => desk.walk(which),
  activates: ({ session }, target) => session.hand.chooseTarget(target),
  holds: ({ session }, holder) => session.tuples.choose(holder),
  tuple: ({ session }, key) => session.tuples.activate(key),
  removes: (desk, key) => desk.removeTuple(key),
  front: ({ session }) => session.toFront(),
};

// How far the keys for reading on go in a text.
function pagesOf(box) {
  const page = 0.9 * box.clientHeight;
  const whole = box.scrollHeight;
  return { PageDown: page, PageUp: -page, End: whole, Home: -whole };
}

// Called on mount, and again on every rerun with the same element: merge, never reset. The desk
// stays with its element, so that no listener is ever there twice. Python gives a list of one.
export default function ({ data: [data], parentElement, setTriggerValue }) {
  const root = parentElement.querySelector("[data-testid=desk]");
  const desk = (root.desk ??= new Desk(root));
  desk.update(data, setTriggerValue);
  desk.attach();
  return () => desk.detach();
}
