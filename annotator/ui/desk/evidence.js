// Evidence: the words of the sentence that a code rests on. Coders choose whole words, with the
// mouse or with a cursor that goes from word to word; an answer keeps them as the server does, as
// [start, end) in code points of the document's text.

const MOST_SPANS = 50; // of one code; what the server takes

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
    const { given } = this.session.hand.draft();
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
    return { words: this.words(), draft: this.session.hand.draft() };
  }

  begin(anchor, focus) {
    const { given } = this.session.hand.draft();
    const key = [...given.keys()].at(-1) ?? null;
    return { key, base: given.get(key)?.spans ?? [], anchor, focus };
  }

  choose(reach) {
    const draft = this.session.hand.draft();
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
    const draft = this.session.hand.draft();
    if (!draft.given.has(key)) return;
    draft.given.set(key, { ...draft.given.get(key), spans });
    draft.touched = true;
  }

  // The answers whose evidence has the word, the one toggled last first.
  under(word) {
    const given = [...this.session.hand.draft().given].reverse();
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
      answerText(this.session.hand.draft().given.get(key), this.session),
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
