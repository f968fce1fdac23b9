// What stands in the place of the sentence when there is none: nothing is left, or the server has not
// answered yet.

class EmptyView {
  constructor(root, reading) {
    this.root = root;
    this.reading = reading;
    this.painted = null;
    this.node = null;
  }

  paint(session) {
    const { item, progress, queue } = session;
    const kind = item ? null : queue.finished ? "desk-empty" : "desk-waiting";
    const counts = [progress.total, progress.count("skipped"), progress.count("flagged")];
    const painted = kind && [kind, ...counts, queue.outcome].join();
    if (painted === this.painted) return;
    this.painted = painted;
    this.node?.remove();
    this.node = kind && emptyBox(kind, session);
    if (this.node) this.reading.append(this.node);
    setAttribute(this.root, "data-empty", kind ? "" : null);
  }
}

function emptyBox(kind, session) {
  const lines = kind === "desk-empty" ? emptyLines(session) : waitingLines();
  return element("div", { class: "empty", "data-testid": kind }, ...lines);
}

function emptyLines(session) {
  if (session.list?.kind === "check") return checkDone(session);
  if (setOrSample(session)) return listDone(session);
  const any = session.progress.total > 0;
  const coded = setAsideOf(session).length ? "That was the last sentence" : "Everything is coded";
  const told = any ? coded : "Nothing to code yet";
  const go = any
    ? [link("export", "Take the labels out"), " or ", wayOn(session), "."]
    : [link("import", "Import articles"), " to begin; what is coming in appears here by itself."];
  return endLines(told, go, session);
}

function wayOn({ sample }) {
  return sample ? link("home", "begin a project of your own") : link("import", "import more articles");
}

function listDone(session) {
  const any = session.progress.total > 0;
  const word = LIST_WORDS[session.list.kind].toLowerCase();
  const told = any ? `Every sentence of this ${word} is decided` : `There is nothing in this ${word}`;
  const whole = link("", "Go on with the whole project", { queue: "" });
  const ways = [whole, ", or ", link("samples", "look at the samples", { queue: "" }), "."];
  return endLines(told, ways, session);
}

function endLines(told, ways, session) {
  const any = session.progress.total > 0;
  const back = any ? element("p", {}, "Backspace steps back into the last decisions.") : null;
  return [element("h2", {}, told), asideLine(session), element("p", {}, ...ways), back];
}

function setAsideOf(session) {
  return ["skipped", "flagged"].filter((which) => session.progress.count(which));
}

function asideLine(session) {
  const aside = setAsideOf(session);
  if (!aside.length) return null;
  const counts = aside.map((which) => `${session.progress.count(which)} ${which}`).join(", ");
  const buttons = aside.map((which) =>
    element("button", { type: "button", "data-walks": which }, `Go through the ${which}`),
  );
  return element("p", { class: "aside" }, counts, ...buttons);
}

function waitingLines() {
  const told = "The server has not answered yet.";
  return [element("h2", {}, "Waiting for the next sentences"), element("p", {}, told)];
}
