// The sentence on the screen: its text, and what is marked in it. Everything here is in UTF-16.

const LONG_SENTENCE = 330; // characters; a longer one is set smaller before it has to scroll

// What is marked in the sentence, in UTF-16: evidence in the colour and with the key of its code,
// the words that wait for a code, and the cursor.
function marksOf(session, pointed) {
  const { item, evidence } = session;
  const draft = session.hand.draft();
  if (!draft) return [];
  const marks = [...draft.given.values()].flatMap((answer) => evidenceOf(answer, session, pointed));
  const at = (kind, word, last = word) => {
    const words = evidence.words();
    marks.push({ kind, from: words[word][0], to: words[last][1] });
  };
  const { reach, cursor } = draft;
  if (reach && !reach.key) at("chosen", ...[reach.anchor, reach.focus].sort((a, b) => a - b));
  if (cursor !== null) at("cursor", cursor);
  marks.push(...reasonMarks(session));
  return marks.filter(({ from, to }) => from < to && to <= item.text.length);
}

function evidenceOf(answer, session, pointed) {
  const { text, start } = session.item;
  const cell = session.cells.get(chipKeyOf(answer));
  const lit = cell === pointed && answer.holder === session.hand.holderFor(cell.variable);
  return answer.spans.map((span) => ({
    kind: "evidence",
    from: utf16(text, span[0] - start),
    to: utf16(text, span[1] - start),
    color: cell?.code.color ?? null,
    ink: cell?.code.ink ?? null,
    tag: cell?.code.hotkey ?? titleOf(answer, session).slice(0, 2),
    told: answerText(answer, session),
    lit,
  }));
}

// Each stretch of evidence has an underline at a height of its own as far as it goes.
function withLanes(marks) {
  const ends = [];
  const sorted = [...marks].sort((one, other) => one.from - other.from || other.to - one.to);
  return sorted.map((mark) => {
    if (mark.kind !== "evidence") return { ...mark, lane: -1 };
    const free = ends.findIndex((end) => end <= mark.from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = mark.to;
    return { ...mark, lane };
  });
}

class SentenceView {
  constructor({ now, sentence }) {
    this.now = now;
    this.sentence = sentence;
    this.unit = null;
    this.painted = "";
    // Asking the box for scrollTop at every key would make the browser lay the page out twice.
    this.scrolled = false;
    now.addEventListener("scroll", () => (this.scrolled = true), { passive: true });
    const sizes = new ResizeObserver(() => this.open());
    for (const box of [now, sentence]) sizes.observe(box);
  }

  paint(session, pointed) {
    const { item } = session;
    const marks = withLanes(marksOf(session, pointed));
    const painted = marks.length ? JSON.stringify(marks) : "";
    const anew = this.unit !== (item?.id ?? null);
    if (!anew && painted === this.painted) return;
    this.unit = item?.id ?? null;
    this.painted = painted;
    // Marks that come and go are no news: a screen reader reads a sentence once.
    setAttribute(this.sentence, "aria-live", anew ? "polite" : "off");
    this.fill(item?.text ?? "", marks);
    if (anew) this.settle(item?.text ?? "");
    else this.follow();
  }

  settle(text) {
    setAttribute(this.sentence, "data-long", text.length > LONG_SENTENCE ? "" : null);
    if (this.scrolled) this.now.scrollTop = 0;
    this.scrolled = false;
  }

  // Where there is something to scroll, it can be reached without a mouse.
  open() {
    const { scrollHeight, clientHeight } = this.now;
    setAttribute(this.now, "tabindex", scrollHeight > clientHeight ? "0" : null);
  }

  fill(text, marks) {
    if (!marks.length) return void (this.sentence.textContent = text);
    const lanes = Math.max(0, ...marks.map(({ lane }) => lane + 1));
    this.sentence.style.setProperty("--lanes", lanes);
    const cuts = new Set([0, text.length, ...marks.flatMap(({ from, to }) => [from, to])]);
    const places = [...cuts].sort((one, other) => one - other);
    const pieces = places.slice(1).map((to, at) => piece(text, places[at], to, marks));
    this.sentence.replaceChildren(...pieces);
  }

  // The cursor of a long sentence must not leave the box.
  follow() {
    const cursor = this.sentence.querySelector("[data-cursor]");
    if (!cursor) return;
    const [box, place] = [this.now.getBoundingClientRect(), cursor.getBoundingClientRect()];
    const above = place.top - box.top - 8;
    const below = place.bottom - box.bottom + 8;
    if (above < 0 || below > 0) this.now.scrollBy({ top: above < 0 ? above : below });
  }
}

function piece(text, from, to, marks) {
  const here = marks.filter((mark) => mark.from <= from && to <= mark.to);
  const said = text.slice(from, to);
  if (!here.length) return document.createTextNode(said);
  const evidence = here.filter(({ kind }) => kind === "evidence");
  const begun = evidence.filter((mark) => mark.from === from);
  const reason = here.find(({ kind }) => kind === "reason");
  const has = (kind) => (here.some((mark) => mark.kind === kind) ? "" : null);
  const attributes = {
    "data-cursor": has("cursor"),
    "data-chosen": has("chosen"),
    "data-evidence": evidence.length ? evidence.map(({ told }) => told).join("; ") : null,
    "data-lit": evidence.some(({ lit }) => lit) ? "" : null,
    "data-reason": reason?.sign ?? null,
    title: evidence.length ? `Evidence: ${evidence.map(({ told }) => told).join("; ")}` : null,
  };
  const node = element("mark", attributes, begun.length ? tagsOf(begun) : null, said);
  underline(node, evidence);
  if (reason) node.style.setProperty("--strength", reason.strength);
  return node;
}

function underline(node, evidence) {
  const inks = evidence.map(({ color }) => inkOf(color));
  const heights = evidence.map(
    ({ lane }) => `0 calc(100% - (var(--lanes) - ${lane + 1}) * var(--pitch))`,
  );
  node.style.backgroundImage = inks.map((ink) => `linear-gradient(${ink}, ${ink})`).join();
  node.style.backgroundPosition = heights.join();
}

// Never so dark or so light that it is lost on the page's ground.
function inkOf(color) {
  const code = color ?? "var(--accent)";
  return `light-dark(oklch(from ${code} min(l, 0.64) c h), oklch(from ${code} max(l, 0.56) c h))`;
}

// The keys of the codes whose evidence begins here. They are drawn by the style sheet, so that the
// sentence holds its own text and nothing else.
function tagsOf(marks) {
  const tags = marks.map(({ tag, color, ink }) => {
    const node = element("i", { "data-tag": tag });
    colorAs(node, { color, ink });
    return node;
  });
  return element("span", { class: "tags", "aria-hidden": "true" }, ...tags);
}

// What the mouse chose within the sentence, as offsets in UTF-16; null where it began elsewhere.
function selectionIn(sentence) {
  const root = sentence.getRootNode();
  const selection = root.getSelection?.() ?? getSelection();
  const composed = getSelection()?.getComposedRanges?.({ shadowRoots: [root] })[0];
  const range = composed ?? (selection?.rangeCount ? selection.getRangeAt(0) : null);
  if (!range) return null;
  const { startContainer, startOffset, endContainer, endOffset } = range;
  const from = offsetIn(sentence, startContainer, startOffset) ?? 0;
  const to = offsetIn(sentence, endContainer, endOffset) ?? sentence.textContent.length;
  return [from, to];
}

function offsetIn(sentence, node, offset) {
  if (!sentence.contains(node)) return null;
  const range = document.createRange();
  range.setStart(sentence, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}
