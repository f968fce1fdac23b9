// Evidence: the words of the sentence that a code rests on. Coders choose whole words, with the
// mouse or with a cursor that goes from word to word; an answer keeps them as the server does, as
// [start, end) in code points of the document's text. The browser counts in UTF-16, which this
// file alone knows of.

const MOST_SPANS = 50; // of one code; what the server takes
const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const HOLLOW = /^[\p{P}\p{Z}\p{C}\s]*$/u; // nothing but punctuation and white space

// Where the words of a text begin and end, in UTF-16. What hangs on a letter stays with it.
function wordsOf(text) {
  return [...WORDS.segment(text)]
    .filter(({ segment }) => !HOLLOW.test(segment))
    .map(({ segment, index }) => [index, index + segment.length]);
}

function codePoints(text, end) {
  let count = 0;
  for (let at = 0; at < end; at += text.codePointAt(at) > 0xffff ? 2 : 1) count += 1;
  return count;
}

function utf16(text, points) {
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left -= 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

// In the order of the text; those that overlap or touch become one.
function merged(spans) {
  const found = [];
  for (const [start, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

// A draft has a `cursor`, the word it stands on, and a `reach`: the words from `anchor` to `focus`
// that are chosen just now, for the answer `key`, whose other evidence is `base`. Without a code
// the words wait for the next one that is toggled.
class Evidence {
  constructor(session) {
    this.session = session;
    this.told = ""; // what a screen reader hears of the last step
    this.known = { text: null, words: [] };
    this.lastBefore = null; // the code in hand before a click handed over another one
  }

  words() {
    const { item } = this.session;
    const text = item && !isCard(item) ? item.text : ""; // a title is no evidence for an article
    if (this.known.text !== text) this.known = { text, words: wordsOf(text) };
    return this.known.words;
  }

  // Shift and an arrow: the first press chooses the word under the cursor.
  extend(step) {
    const { words, draft } = this.hold();
    if (!words.length) return;
    const from = draft.cursor ?? (step > 0 ? 0 : words.length - 1);
    const reach = draft.reach ?? this.begin(from, from);
    const far = draft.reach || !Number.isFinite(step) ? step : 0;
    reach.focus = Math.max(0, Math.min(words.length - 1, reach.focus + far));
    this.choose(reach);
  }

  move(step) {
    const { words, draft } = this.hold();
    if (!words.length) return;
    const from = draft.reach?.focus ?? draft.cursor;
    const first = step > 0 ? 0 : words.length - 1;
    draft.reach = null;
    draft.cursor = Math.max(0, Math.min(words.length - 1, from === null ? first : from + step));
    this.tellWord(draft.cursor);
  }

  // What the mouse chose, in UTF-16 of the sentence: every word that it touched. The first click
  // of two meant no other code.
  select(from, to, twice = false) {
    const words = this.words();
    const { given } = this.session.draft();
    if (twice && given.has(this.lastBefore)) putLast(given, this.lastBefore);
    const touched = words.flatMap(([start, end], at) => (end > from && start < to ? [at] : []));
    if (touched.length) this.choose(this.begin(touched[0], touched.at(-1)));
  }

  // A click on a word: on evidence it puts the cursor there, and the code in hand.
  point(at) {
    const { draft } = this.hold();
    const word = this.words().findIndex(([start, end]) => start <= at && at <= end);
    const key = word < 0 ? undefined : this.under(word)[0];
    this.lastBefore = [...draft.given.keys()].at(-1);
    draft.reach = null;
    draft.cursor = key === undefined ? null : word;
    if (key !== undefined) putLast(draft.given, key);
  }

  // Escape: the words just chosen are let go; without any, the cursor leaves the sentence.
  drop() {
    const { draft } = this.hold();
    if (!draft) return;
    const { reach } = draft;
    draft.reach = null;
    if (!reach) draft.cursor = null;
    else if (reach.key) this.put(reach.key, reach.base);
    this.told = reach ? "evidence let go" : "";
  }

  // Delete: of several codes under the cursor, the one toggled last loses its words.
  remove() {
    const { draft } = this.hold();
    const word = draft?.reach?.focus ?? draft?.cursor ?? null;
    const [key] = word === null ? [] : this.under(word);
    if (key === undefined) return;
    const answer = draft.given.get(key);
    draft.reach = null;
    draft.cursor = word;
    this.put(key, answer.spans.filter((span) => !this.covers(span, word)));
    this.told = `evidence removed from ${answerText(answer, this.session)}`;
  }

  // A code was toggled: words that waited for one are its evidence, any others are done with.
  toggled(key) {
    const { draft } = this.hold();
    const { reach } = draft;
    const waited = reach && !reach.key && draft.given.has(key);
    draft.reach = null;
    if (waited) this.choose({ ...reach, key, base: draft.given.get(key).spans });
  }

  hold() {
    return { words: this.words(), draft: this.session.draft() };
  }

  begin(anchor, focus) {
    const { given } = this.session.draft();
    const key = [...given.keys()].at(-1) ?? null;
    return { key, base: given.get(key)?.spans ?? [], anchor, focus };
  }

  choose(reach) {
    const draft = this.session.draft();
    const count = Math.abs(reach.focus - reach.anchor) + 1;
    const words = `${count} ${count === 1 ? "word" : "words"}`;
    draft.reach = reach;
    draft.cursor = reach.focus;
    this.session.notice = "";
    if (!reach.key) return this.wait(words);
    const spans = merged([...reach.base, this.spanOf(reach)]);
    if (spans.length > MOST_SPANS) {
      draft.reach = null;
      return this.session.say(`A code takes ${MOST_SPANS} stretches of words as evidence, no more.`);
    }
    this.put(reach.key, spans);
    this.told = `evidence: ${words} for ${answerText(draft.given.get(reach.key), this.session)}`;
  }

  wait(words) {
    this.told = `${words} chosen`;
    this.session.say(`${words} chosen: the next code that you toggle rests on them.`, "news");
  }

  put(key, spans) {
    const draft = this.session.draft();
    if (!draft.given.has(key)) return;
    draft.given.set(key, { ...draft.given.get(key), spans });
    draft.touched = true;
  }

  // The answers whose evidence has the word, the one toggled last first.
  under(word) {
    const given = [...this.session.draft().given].reverse();
    const found = given.filter(([, { spans }]) => spans.some((span) => this.covers(span, word)));
    return found.map(([key]) => key);
  }

  covers([start, end], word) {
    const [from, to] = this.spanOf({ anchor: word, focus: word });
    return start < to && from < end;
  }

  spanOf({ anchor, focus }) {
    const { text, start } = this.session.item;
    const words = this.words();
    const [from] = words[Math.min(anchor, focus)];
    const [, to] = words[Math.max(anchor, focus)];
    return [start + codePoints(text, from), start + codePoints(text, to)];
  }

  tellWord(word) {
    const { text } = this.session.item;
    const titles = this.under(word).map((key) =>
      answerText(this.session.draft().given.get(key), this.session),
    );
    const said = text.slice(...this.words()[word]);
    this.told = titles.length ? `${said}, evidence for ${titles.join("; ")}` : said;
  }
}

function putLast(given, key) {
  const answer = given.get(key);
  given.delete(key);
  given.set(key, answer);
}

// --- drawing ----------------------------------------------------------------------------------

// What is marked in the sentence, in UTF-16: evidence in the colour and with the key of its code,
// the words that wait for a code, and the cursor.
function marksOf(session, pointed) {
  const { item, evidence } = session;
  const draft = session.draft();
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
  const lit = cell === pointed && answer.holder === session.holderFor(cell.variable);
  return answer.spans.map((span) => ({
    kind: "evidence",
    from: utf16(text, span[0] - start),
    to: utf16(text, span[1] - start),
    color: cell?.code.color ?? null,
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
  return `color-mix(in srgb, ${color ?? "var(--accent)"} 72%, var(--text))`;
}

// The keys of the codes whose evidence begins here. They are drawn by the style sheet, so that the
// sentence holds its own text and nothing else.
function tagsOf(marks) {
  const tags = marks.map(({ tag, color }) => {
    const node = element("i", { "data-tag": tag });
    node.style.color = inkOf(color);
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
