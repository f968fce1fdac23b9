// What opens over the desk, one at a time. None covers the sentence but the article, which shows it,
// the codebook card and the list of keys. Whatever closes one, the desk has the focus again.

class Panels {
  constructor(root, parts, desk) {
    this.root = root;
    this.desk = desk;
    this.open = null;
    this.memo = new MemoPanel(parts, desk);
    this.search = new SearchPanel(parts, desk);
    this.example = new ExamplePanel(parts, desk);
    this.addition = new AdditionPanel(parts, desk);
    this.article = new ArticlePanel(parts, desk);
    this.card = new CardPanel(parts, desk);
    this.keys = new KeysPanel(parts, desk);
    this.why = new WhyPanel(parts, desk);
    this.people = new PeoplePanel(parts, desk);
    this.boundaries = new BoundaryPanel(parts, desk);
    const { memo, search, example, addition, article, card, keys, why, people, boundaries } = this;
    const sheets = [addition, article, card, keys, why];
    for (const panel of [memo, search, example, people, boundaries, ...sheets]) this.watch(panel);
  }

  watch(panel) {
    panel.node.addEventListener("close", () => this.open === panel && this.close());
    panel.node.querySelector("[data-close]")?.addEventListener("click", () => this.close());
    // A click beside a dialog lands on the dialog itself: it means "away with it".
    panel.node.addEventListener("click", (click) => {
      if (click.target === panel.node && panel.node.localName === "dialog") this.close();
    });
  }

  show(panel) {
    this.close();
    if (!panel.ready()) return;
    this.open = panel;
    if (panel.node.localName === "dialog") panel.node.showModal();
    else this.unfold(panel.node);
    panel.enter();
  }

  // On a phone the page may be scrolled away from where it opens.
  unfold(node) {
    node.hidden = false;
    node.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  close() {
    const panel = this.open;
    if (!panel) return;
    this.open = null;
    panel.leave?.();
    if (panel.node.localName === "dialog") panel.node.close();
    else panel.node.hidden = true;
    this.root.focus({ preventScroll: true });
  }

  // True when the key was for the panel; everything else typed there is text.
  hear(event) {
    const { open } = this;
    if (event.key === "Escape" || open.closesOn?.(event)) {
      this.close();
      return true;
    }
    return open.hear?.(event) ?? false;
  }
}

// What the server answers a panel, which is busy meanwhile.
async function answered(panel, answer) {
  panel.waiting = true;
  setAttribute(panel.node, "aria-busy", "true");
  const came = await answer;
  panel.waiting = false;
  setAttribute(panel.node, "aria-busy", null);
  return came;
}

// --- memo: covers the paragraph above, never the sentence ----------------------------------

class MemoPanel {
  constructor(parts, desk) {
    this.node = parts.memo;
    this.text = parts.memoText;
    this.desk = desk;
    // A click elsewhere keeps what was written, as Esc does.
    this.text.addEventListener("blur", () => desk.panels.open === this && desk.panels.close());
  }

  ready() {
    return this.desk.session.item !== null;
  }

  enter() {
    this.text.value = this.desk.session.item.decision?.memo ?? "";
    this.text.focus({ preventScroll: true });
  }

  leave() {
    this.desk.session.decisions.memo(this.text.value.trim());
    this.desk.view.paint();
  }

  closesOn(event) {
    return event.key === "Enter" && (event.ctrlKey || event.metaKey);
  }
}
