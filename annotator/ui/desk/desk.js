// The desk: one component that owns the coder's loop. Python sends the scheme and the first units;
// from there on keys change the session at once, the view follows in the same task, and the
// outbox tells the server behind their backs.

// Below Streamlit's header, and the desk's own, which stays in sight.
const IN_SIGHT = { threshold: 1, rootMargin: "-128px 0px 0px" };

const MEMO = COMMANDS.find(({ name }) => name === "memo");

class Desk {
  constructor(root) {
    this.root = root;
    this.host = root.getRootNode().host ?? root;
    this.view = new View(root);
    this.panels = new Panels(root, this.view.parts, this);
    this.hearOutside = (event) => this.hearFromDocument(event);
    this.look = () => this.session?.lookAgain();
    this.dialogs = new MutationObserver(() => this.clearAway());
    this.hiding = new Set(); // of the boxes to read in, those not wholly in the window
    this.windows = new IntersectionObserver((seen) => this.noteHiding(seen), IN_SIGHT);
    this.addCommands();
    root.addEventListener("keydown", (event) => this.hear(event));
    root.addEventListener("click", (event) => this.click(event));
    for (const kind of ["pointerover", "focusin"]) {
      root.addEventListener(kind, (event) => this.explain(event));
    }
    const { sentence } = this.view.parts;
    sentence.addEventListener("mousedown", ({ button }) => (this.selecting = button === 0));
    root.addEventListener("pointermove", () => this.session.clock.touch(), { passive: true });
  }

  addCommands() {
    const shown = COMMANDS.filter((command) => command.label);
    this.buttons = new Map(shown.map((command) => [command.name, commandButton(command)]));
    this.view.parts.commands.append(...this.buttons.values());
  }

  // --- mounting ---------------------------------------------------------------------------

  attach() {
    if (this.attached) return;
    this.attached = true;
    document.addEventListener("keydown", this.hearOutside, true);
    addEventListener("focus", this.look);
    addEventListener("pagehide", this.keepMemo);
    this.dialogs.observe(document.body, { childList: true });
    document.addEventListener("mouseup", this.endSelection);
    for (const box of this.boxes()) this.windows.observe(box);
    requestAnimationFrame(() => this.takeFocus());
  }

  detach() {
    this.attached = false;
    document.removeEventListener("keydown", this.hearOutside, true);
    removeEventListener("focus", this.look);
    removeEventListener("pagehide", this.keepMemo);
    document.removeEventListener("mouseup", this.endSelection);
    this.dialogs.disconnect();
    this.windows.disconnect();
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

  // --- keeping the sentence in sight ------------------------------------------------------

  boxes() {
    return [this.view.parts.now, this.view.parts.beforeBox];
  }

  // The browser tells it after each frame: measuring at a key would lay the page out twice.
  noteHiding(seen) {
    for (const { target, intersectionRatio } of seen) {
      if (intersectionRatio < 1) this.hiding.add(target);
      else this.hiding.delete(target);
    }
  }

  // In a small window the page may be scrolled: a new sentence must not stay above its edge.
  comeIntoSight(...boxes) {
    if (!boxes.some((box) => this.hiding.has(box))) return;
    this.root.scrollIntoView({ block: "start", behavior: "instant" });
  }

  takeFocus() {
    const busy = document.activeElement?.matches("input, textarea, select, [contenteditable]");
    if (!busy && !this.panels.open && !isDialogOpen()) this.root.focus({ preventScroll: true });
  }

  update(data, setTriggerValue) {
    const session = sessionOf(data);
    session.requestToken = () => setTriggerValue("token", Date.now());
    session.onchange = null; // painted once, below
    session.update(data);
    if (this.session && session !== this.session) this.session.onchange = null;
    this.session = this.view.session = session;
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
    const { item } = this.session;
    if (this.root.dataset.unit !== before) this.comeIntoSight(this.view.parts.now);
    if (this.view.scheme !== scheme) this.panels.open?.renew?.();
    setAttribute(this.buttons.get("flag"), "aria-pressed", Boolean(item?.decision?.flagged));
    setAttribute(this.buttons.get("memo"), "data-on", item?.decision?.memo ? "" : null);
    setAttribute(this.buttons.get("memo"), "title", item?.decision?.memo || MEMO.does);
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
    this.session.toggle(cell, use);
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
    if (!button || this.panels.open) return;
    this.session.clock.touch();
    this.press(button, event);
    // After a mouse click the keys go on; after Space the focus stays where the coder put it.
    if (event.detail > 0 && !this.panels.open) this.root.focus({ preventScroll: true });
  }

  press(button, event) {
    const { command, visits, activates, walks, holds, tuple, removes } = button.dataset;
    const chip = button.dataset.testid === "code" && this.chipOf(button);
    if (chip) this.toggle(chip.cell, event.shiftKey ? "rejected" : "asserted");
    else if (command) this.run(command);
    else if (visits) this.visit(visits);
    else if (walks) this.walk(walks);
    else if (activates) this.session.choose(activates);
    else if (holds !== undefined) this.session.tuples.choose(holds);
    else if (tuple) this.session.tuples.activate(tuple);
    else if (removes) this.removeTuple(removes);
    else if (button === this.view.parts.noticeShow) this.showRefused();
    else if (button === this.view.parts.noticeDismiss) this.dismissRefused();
    else if ("front" in button.dataset) this.session.toFront();
    this.paint();
  }

  // Its button goes with it.
  removeTuple(key) {
    this.session.tuples.remove(key);
    this.root.focus({ preventScroll: true });
  }

  chipOf(button) {
    const { variable, target, code } = button.dataset;
    return this.view.chips.get(chipKey(variable, target ?? "", code));
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
    const chip = button && this.chipOf(button);
    if (chip) this.view.explain(chip.cell);
  }
}

const ACTIONS = {
  save: ({ session }) => session.save(),
  back: ({ session }) => session.back(),
  undo: ({ session }) => session.undo(),
  none: ({ session }) => session.none(),
  skip: ({ session }) => session.skip(),
  notCodable: ({ session }) => session.notCodable(false),
  restNotCodable: ({ session }) => session.notCodable(true),
  flag: ({ session }) => session.flag(),
  memo: (desk) => {
    desk.comeIntoSight(...desk.boxes());
    desk.panels.show(desk.panels.memo);
  },
  nextTarget: ({ session }) => session.moveTarget(1),
  previousTarget: ({ session }) => session.moveTarget(-1),
  nextHolder: ({ session }) => session.tuples.move(1),
  previousHolder: ({ session }) => session.tuples.move(-1),
  explicit: ({ session }) => session.tuples.cycleExplicit(),
  confidence: ({ session }) => session.tuples.cycleConfidence(),
  nextWord: (desk) => desk.session.evidence.move(desk.step(1)),
  previousWord: (desk) => desk.session.evidence.move(desk.step(-1)),
  extendRight: (desk) => desk.session.evidence.extend(desk.step(1)),
  extendLeft: (desk) => desk.session.evidence.extend(desk.step(-1)),
  extendToEnd: ({ session }) => session.evidence.extend(Infinity),
  extendToStart: ({ session }) => session.evidence.extend(-Infinity),
  removeEvidence: ({ session }) => session.evidence.remove(),
  dropEvidence: ({ session }) => session.evidence.drop(),
  article: ({ panels }) => panels.show(panels.article),
  why: ({ panels }) => panels.show(panels.why),
  people: ({ panels }) => panels.show(panels.people),
  boundaries: ({ panels }) => panels.show(panels.boundaries),
  search: ({ panels }) => panels.show(panels.search),
  add: (desk) => {
    desk.comeIntoSight(desk.view.parts.now);
    desk.panels.show(desk.panels.addition);
  },
  example: ({ panels }) => panels.show(panels.example),
  card: ({ panels }) => panels.show(panels.card),
};

// How far the keys for reading on go in a text.
function pagesOf(box) {
  const page = 0.9 * box.clientHeight;
  const whole = box.scrollHeight;
  return { PageDown: page, PageUp: -page, End: whole, Home: -whole };
}

function commandButton({ key, name, label, shown, does }) {
  const attributes = {
    type: "button",
    class: "command",
    title: does,
    "data-command": name,
    "aria-keyshortcuts": key === "+" ? "Plus" : key, // where "+" joins keys
  };
  return element(
    "button",
    attributes,
    element("kbd", {}, shown ?? key),
    label,
  );
}

// Called on mount, and again on every rerun with the same element: merge, never reset. The desk
// stays with its element, so that no listener is ever there twice.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector("[data-testid=desk]");
  const desk = (root.desk ??= new Desk(root));
  desk.update(data, setTriggerValue);
  desk.attach();
  return () => desk.detach();
}
