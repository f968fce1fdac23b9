// Stances as tuples: target, holder, position, explicit or implied, confidence. Whose stance the
// chips show, all the tuples of a sentence, and which of them go against what the coder said of
// the same holder and target elsewhere in the article.

const AUTHOR = { name: "", kind: "", here: false };
const EXPLICIT = ["", "explicit", "implied"];
const CONFIDENCE = [null, 1, 2, 3];
const OPPOSITE = { favor: "against", against: "favor" };
const TOWARD = { favor: "in favor of", against: "against" };

class Tuples {
  constructor(session) {
    this.session = session;
    this.held = new Map(); // document → the coder's stances there, as the server told them last
  }

  take(held) {
    for (const [document, stances] of Object.entries(held ?? {})) this.held.set(document, stances);
  }

  // --- holders ----------------------------------------------------------------------------

  // Whose stance it can be, in the order of `h`: the author, who speaks here, who else does in the
  // article; last those whom only this sentence's answers name.
  holders() {
    const { item } = this.session;
    const people = item?.people ?? [];
    const known = new Set(people.map(({ name }) => name));
    const given = [...(this.session.hand.draft()?.given.values() ?? [])];
    const named = new Map(
      given
        .filter(({ holder }) => holder && !known.has(holder))
        .map(({ holder, holder_type: kind }) => [holder, { name: holder, kind, here: false }]),
    );
    return [AUTHOR, ...people, ...named.values()];
  }

  variable() {
    return this.session.variables.find(({ holder }) => holder);
  }

  move(step) {
    const draft = this.session.hand.draft();
    if (!draft) return;
    if (!this.variable()) return this.session.say("This codebook does not ask whose stance it is.");
    const holders = this.holders();
    if (holders.length < 2) return this.session.say("Nobody is known to speak in this article.");
    const place = holders.findIndex(({ name }) => name === draft.holder) + step;
    const { name, here } = holders[(place + holders.length) % holders.length];
    this.choose(name);
    const speaksHere = this.session.item.people?.some((person) => person.here);
    if (name && !here && !speaksHere) this.session.say(elsewhereText(name));
  }

  // The coder said who speaks: whoever was in hand gives way, and the author stays in hand.
  followSpeaker([name = ""]) {
    const draft = this.session.hand.draft();
    if (draft?.holder) draft.holder = name;
  }

  choose(holder) {
    const draft = this.session.hand.draft();
    if (!draft) return;
    this.session.notice = "";
    draft.holder = holder;
    draft.variable = this.variable().name;
  }

  // What is toggled again after an undo is in sight: of the holder of the last stance.
  takeUpHolder() {
    const last = this.given().at(-1);
    if (last) this.session.hand.draft().holder = last[1].holder;
  }

  // Who was the holder and is nobody any more, since the speaker was set back, holds no stance.
  settleHolder() {
    const draft = this.session.hand.draft();
    if (draft && this.holders().every(({ name }) => name !== draft.holder)) draft.holder = "";
  }

  kindOf(holder) {
    return this.holders().find(({ name }) => name === holder)?.kind ?? "";
  }

  // --- the tuples of the sentence ---------------------------------------------------------

  // [key, answer], the one touched last at the end.
  given() {
    const { session } = this;
    const isStance = (answer) => session.cells.get(chipKeyOf(answer))?.variable.targets;
    return [...(session.hand.draft()?.given ?? [])].filter(([, answer]) => isStance(answer));
  }

  // In the order of the chips, so that none moves when another one is touched.
  listed() {
    const places = new Map([...this.session.cells.keys()].map((key, place) => [key, place]));
    const place = ([, answer]) => places.get(chipKeyOf(answer));
    const order = (one, other) =>
      place(one) - place(other) || one[1].holder.localeCompare(other[1].holder);
    return this.given().sort(order);
  }

  activate(key) {
    const draft = this.session.hand.draft();
    const { variable, target, holder } = draft.given.get(key);
    putLast(draft.given, key);
    draft.reach = null;
    Object.assign(draft, { target, holder, variable });
  }

  remove(key) {
    const draft = this.session.hand.draft();
    draft.given.delete(key);
    draft.reach = null;
    draft.touched = true;
  }

  cycleExplicit() {
    this.change((answer) => ({ explicit: after(EXPLICIT, answer.explicit) }));
  }

  cycleConfidence() {
    this.change((answer) => ({ confidence: after(CONFIDENCE, answer.confidence) }));
  }

  change(changed) {
    const last = this.given().at(-1);
    if (!last) return this.session.item && this.session.say(NO_STANCE);
    const [key, answer] = last;
    const draft = this.session.hand.draft();
    this.session.notice = "";
    draft.given.set(key, { ...answer, ...changed(answer) });
    draft.touched = true;
    this.session.evidence.told = tupleText(draft.given.get(key), this.session);
  }

  // --- what goes against itself -----------------------------------------------------------

  // The nearest sentence of the article where the coder gave the opposite position to the same
  // holder and target; null where there is none. Neutral and mixed contradict nothing.
  contradiction() {
    const given = this.given().filter(([, { code, use }]) => OPPOSITE[code] && use === "asserted");
    if (!given.length) return null;
    const elsewhere = this.elsewhere();
    for (const [, answer] of given.reverse()) {
      const against = elsewhere.filter((other) => areOpposed(other, answer));
      const { index } = this.session.item;
      const far = ({ position }) => Math.abs(position - index);
      against.sort((one, other) => far(one) - far(other));
      if (against.length) return { answer, ...against[0] };
    }
    return null;
  }

  // What the session holds of a sentence counts; of the others, what the server told.
  elsewhere() {
    const { item, line } = this.session;
    const { id } = item.document;
    const here = line.ofArticle(id);
    const known = new Set(here.map((other) => other.id));
    const told = (this.held.get(id) ?? []).filter(({ unit }) => !known.has(unit));
    const decided = here.filter((other) => other !== item && other.decision?.status === "coded");
    return [...told, ...decided.flatMap(stancesIn)];
  }
}

const NO_STANCE = "Give a position first: . says explicit or implied, and , how sure you are.";

function stancesIn({ id, index, decision }) {
  return decision.answers
    .filter(({ target, use }) => target && (use ?? "asserted") === "asserted")
    .map(({ variable, target, holder, code }) => ({
      unit: id, position: index, variable, target, holder: holder ?? "", code,
    }));
}

// The names offered are those of the whole article: nobody in this sentence need be among them.
function elsewhereText(name) {
  return `${name} speaks elsewhere in the article. p says who speaks here.`;
}

function areOpposed(one, other) {
  const same = ["variable", "target", "holder"].every((name) => one[name] === other[name]);
  return same && one.code === OPPOSITE[other.code];
}

function after(values, value) {
  return values[(values.indexOf(value) + 1) % values.length];
}

// --- drawing ----------------------------------------------------------------------------------

class TuplesView {
  constructor(parts) {
    this.parts = parts;
    this.rows = [];
    this.forget();
  }

  forget() {
    this.paintedHolders = this.paintedTuples = null;
  }

  build(variables) {
    this.rows = [];
    this.forget();
    this.parts.tuples.hidden = !variables.some(({ targets }) => targets);
  }

  // Of a variable that has holders, on the line of its question.
  holders() {
    const attributes = { class: "holders", role: "group", "aria-label": "Whose stance" };
    const row = element("div", attributes);
    this.rows.push(row);
    return row;
  }

  paint(session) {
    this.paintHolders(session);
    this.paintTuples(session);
    this.paintContradiction(session);
    setText(this.parts.evidenceLive, session.evidence.told);
  }

  paintHolders(session) {
    if (!this.rows.length) return;
    const holders = session.item ? session.tuples.holders() : [];
    const painted = JSON.stringify(holders);
    if (painted !== this.paintedHolders) {
      this.paintedHolders = painted;
      for (const row of this.rows) {
        const key = element("kbd", {}, "h");
        row.replaceChildren(key, "Whose stance", ...holders.map(holderButton));
      }
    }
    const active = session.hand.draft()?.holder;
    for (const button of this.rows.flatMap((row) => [...row.querySelectorAll("button")])) {
      const pressed = String(button.dataset.holds === active);
      if (button.getAttribute("aria-pressed") === pressed) continue;
      button.setAttribute("aria-pressed", pressed);
      if (pressed === "true") bringIntoRow(button);
    }
  }

  paintTuples(session) {
    const draft = session.hand.draft();
    const touched = session.tuples.given().at(-1)?.[0];
    const told = session.tuples.listed().map(([key, answer]) => ({
      key,
      text: tupleText(answer, session),
      title: tupleTitle(answer, session),
      active: answer.target === draft.target && answer.holder === draft.holder,
      touched: key === touched,
    }));
    const painted = JSON.stringify(told);
    if (painted === this.paintedTuples) return;
    this.paintedTuples = painted;
    const { tupleList } = this.parts;
    const focused = tupleList.getRootNode().activeElement?.dataset?.tuple;
    tupleList.replaceChildren(...told.map(tupleEntry));
    if (focused) tupleList.querySelector(`[data-tuple="${CSS.escape(focused)}"]`)?.focus();
    const last = tupleList.querySelector("[data-touched]");
    tupleList.scrollTop = last ? last.offsetTop - tupleList.offsetTop : 0;
  }

  paintContradiction(session) {
    const { contradiction, contradictionText, contradictionShow } = this.parts;
    const found = session.item ? session.tuples.contradiction() : null;
    contradiction.hidden = !found;
    setText(contradictionText, found ? contradictionTold(found, session) : "");
    setAttribute(contradictionShow, "data-visits", found?.unit ?? null);
  }
}

function holderButton({ name, kind, here }) {
  const attributes = {
    type: "button",
    class: "holder",
    "data-testid": "holder",
    "data-holds": name,
    "data-here": here ? "" : null,
    "aria-pressed": "false",
    title: [name || "The author of the article", kind, here && "speaks here"]
      .filter(Boolean)
      .join(" · "),
  };
  return element("button", attributes, name || "Author");
}

// A row of many people scrolls sideways.
function bringIntoRow(button) {
  const row = button.parentElement;
  const left = button.offsetLeft - row.offsetLeft;
  const hidden = left < row.scrollLeft || left + button.offsetWidth > row.scrollLeft + row.clientWidth;
  if (hidden) row.scrollLeft = left - 24;
}

function tupleEntry({ key, text, title, active, touched }) {
  const entry = { class: "tuple", "data-testid": "tuple", "data-touched": touched ? "" : null };
  const tuple = { type: "button", "data-tuple": key, "aria-current": active ? "true" : null, title };
  const remove = { type: "button", "data-removes": key, "aria-label": `Remove ${text}`, title: "Remove" };
  return element(
    "li",
    entry,
    element("button", tuple, text),
    element("button", remove, "×"),
  );
}
