// The foot of the desk: how far the coder is, which list or order is worked through, and the last few
// decisions, to step back into.

const TRAIL = 6; // decisions

class FiguresView {
  constructor(parts) {
    this.parts = parts;
    this.forget();
  }

  forget() {
    this.paintedTrail = null;
  }

  paint(session) {
    this.paintProgress(session);
    this.paintList(session);
    this.paintTrail(session);
  }

  paintProgress(session) {
    const { bar, barFill, whose, figures, pace, walkSkipped, walkFlagged } = this.parts;
    const { progress } = session;
    const { total } = progress;
    const done = Math.min(progress.count("done"), total);
    setAttribute(bar, "aria-valuemax", total);
    setAttribute(bar, "aria-valuenow", done);
    barFill.style.width = total ? `${(100 * done) / total}%` : "0";
    setText(whose, whoseOf(session));
    setText(figures, figuresOf(session, done));
    paintWalk(walkSkipped, progress.count("skipped"));
    paintWalk(walkFlagged, progress.count("flagged"));
    setText(pace, paceOf(session, total - done));
  }

  // Of a sample or set the coder leaves; of the whole project the order can be changed.
  paintList(session) {
    const { leave, order, orderText, orderChange } = this.parts;
    const list = setOrSample(session);
    leave.hidden = !list;
    if (list) leave.href = addressOf("", { queue: "" });
    order.hidden = Boolean(list);
    const told = orderOf(session);
    setText(orderText, told);
    setAttribute(orderText, "title", told);
    setAttribute(orderChange, "href", addressOf("", { start: "1" }));
  }

  paintTrail(session) {
    const { line } = session;
    const lately = line.decidedLately(TRAIL);
    const away = line.at !== line.front();
    const painted = [away, session.item?.id, ...lately.map((item) => item.decision.event)].join();
    if (painted === this.paintedTrail) return;
    this.paintedTrail = painted;
    const links = lately.map((item) => trailLink(item, session));
    if (away) links.push(frontLink());
    this.parts.trail.replaceChildren(...links);
  }
}

// The sample or set that is worked through; an order goes through the whole project.
function setOrSample({ list }) {
  return list?.kind === "order" ? null : list;
}

// What comes in the place of an order holds until another model is heard of.
function orderOf({ list, queue: { model } }) {
  if (list?.kind !== "order") return "in order";
  const waits = list.instead && list.model === (model?.id ?? null);
  return waits ? list.instead : list.title;
}

function paintWalk(button, count) {
  setText(button, `${count} ${button.dataset.walks}`);
  button.hidden = !count;
}

function trailLink(item, session) {
  const { status, answers } = item.decision;
  const codes = answers.map((answer) => answerText(answer, session));
  const what = status === "coded" ? codes.join(", ") || "none" : STATUS_WORDS[status];
  const tip = `${what} — ${isCard(item) ? "article card: " : ""}${item.text}`;
  const step = element(
    "button",
    { type: "button", class: "step", "data-visits": item.id, title: tip },
    element("span", {}, shortened(isCard(item) ? `Article: ${item.text}` : item.text, 22)),
    element("em", {}, what),
  );
  if (item === session.item) step.setAttribute("aria-current", "true");
  return step;
}

function frontLink() {
  const attributes = { type: "button", class: "step front", "data-front": "" };
  return element("button", attributes, "to the next one →");
}
