// The view: puts a session on the screen. Everything is built once; afterwards only texts and
// attributes that differ are written, so that a key is on screen in the next frame. Text of
// articles and codebooks goes in as textContent, never as markup.

const HINT = isTouched()
  ? "Hold a code to read what it means."
  : "Point at a code to read what it means, or press ? for the whole codebook.";

class View {
  constructor(root) {
    this.root = root;
    this.parts = partsOf(root);
    this.session = null;
    this.scheme = null; // of which the chips are …
    this.form = null; // … those about a sentence, or about a whole document
    this.about = null; // the cell whose code the definition box speaks about, …
    this.unit = null; // … on this unit
    this.sentence = new SentenceView(this.parts);
    this.article = new ArticleView(this.parts);
    this.empty = new EmptyView(root, this.parts.reading);
    this.tuples = new TuplesView(this.parts);
    this.chips = new ChipsView(root, this.parts.answers, this.tuples);
    this.figures = new FiguresView(this.parts);
  }

  // A newer codebook, or another form: the chips are others.
  build() {
    const { session } = this;
    this.scheme = session.codebook.scheme;
    this.form = formOf(session.item);
    this.about = session.cells.get(this.about?.key) ?? null;
    this.tuples.build(session.variables);
    this.chips.build(session);
    this.figures.forget(); // a code may have another title now
  }

  paint() {
    const { session } = this;
    const { item } = session;
    if (this.scheme !== session.codebook.scheme || this.form !== formOf(item)) this.build();
    if (this.unit !== item?.id) this.about = null;
    this.unit = item?.id;
    this.paintDesk(item);
    this.paintHead(item);
    this.paintReading(item);
    this.chips.paint(session);
    this.tuples.paint(session);
    this.paintAbout();
    this.paintKept();
    this.paintNotice();
    this.figures.paint(session);
  }

  paintDesk(item) {
    const { root, session } = this;
    setAttribute(root, "data-unit", item?.id ?? "");
    setAttribute(root, "data-card", isCard(item) ? "" : null);
    setAttribute(root, "data-unsaved", session.outbox.size);
    setAttribute(root, "data-coder", session.coder);
    setAttribute(root, "data-round", session.round);
    setAttribute(root, "data-mode", item?.mode ?? null);
  }

  paintHead(item) {
    const { title, meta, place, status } = this.parts;
    const invented = this.session.sample && "sample";
    const card = isCard(item) && "Article card";
    setText(title, item ? item.document.title || "Untitled" : "");
    setText(meta, item ? [card, metaOf(item), invented].filter(Boolean).join(" · ") : "");
    setText(place, item ? this.placeOf(item) : "");
    setText(status, statusOf(item));
    paintSpeaker(this.parts.speaker, item, this.session.coder);
  }

  placeOf(item) {
    const { session } = this;
    const list = setOrSample(session);
    const inArticle = `${item.index + 1} of ${item.of}`; // the store counts from 0
    const sentence = session.list ? `sentence ${inArticle}` : inArticle;
    const here = isCard(item) ? `all ${item.of} sentences` : sentence;
    return list ? `${inList(session)} · ${here}` : here;
  }

  paintReading(item) {
    const { before, leadIn, follow } = this.parts;
    setText(before, item?.before ?? "");
    setText(leadIn, item?.lead_in ?? "");
    setText(follow, item?.follow ?? "");
    this.sentence.paint(this.session, this.about);
    this.article.paint(this.session);
    this.empty.paint(this.session);
  }

  // Where the pointer or the focus is, else the last code toggled: always in the same place.
  paintAbout() {
    const { aboutTitle, aboutText, aboutMore } = this.parts;
    const cell = this.about;
    setText(aboutTitle, cell ? cell.code.title : "");
    setText(aboutText, cell ? cell.code.definition : HINT);
    setText(aboutMore, cell ? moreOf(cell.code, this.chips.learning.get(cell.key)) : "");
  }

  explain(cell) {
    this.about = cell;
    this.paintAbout();
    this.sentence.paint(this.session, cell);
  }

  paintKept() {
    const { kept, keptAt, keptTime } = this.parts;
    const { outbox } = this.session;
    const time = outbox.keptAt ? outbox.keptAt.toTimeString().slice(0, 8) : "";
    const counted = outbox.size > 1 || (outbox.size && outbox.offline);
    setText(keptAt, counted ? `unsaved ${outbox.size}` : time && "kept ✓");
    setText(keptTime, counted ? "" : time);
    setAttribute(kept, "data-saving", outbox.size && !counted ? "" : null);
    setAttribute(kept, "data-unsaved", counted ? "" : null);
    this.paintLive();
  }

  // Told once things are quiet: a screen reader must not read a counter at every key.
  paintLive() {
    clearTimeout(this.liveTimer);
    this.liveTimer = setTimeout(() => {
      const { progress, outbox } = this.session;
      setText(this.parts.live, `saved ${progress.told?.done ?? 0}, unsaved ${outbox.size}`);
    }, 2_000);
  }

  paintNotice() {
    const { notice, noticeText, noticeShow, noticeDismiss } = this.parts;
    const told = noticeOf(this.session);
    setText(noticeText, told.text);
    setAttribute(noticeText, "title", told.text || null);
    setAttribute(notice, "data-kind", told.kind);
    noticeShow.hidden = !told.unit;
    noticeDismiss.hidden = !told.refusal;
  }
}
