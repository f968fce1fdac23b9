// `+`: a code or a target more, at the foot of the window.

const LOWEST = 150; // pixels; in a lower window the fields scroll

class AdditionPanel {
  constructor(parts, desk) {
    this.node = parts.addition;
    this.kinds = parts.additionKinds;
    this.variables = parts.additionVariables;
    this.title = parts.additionTitle;
    this.defined = parts.additionDefined;
    this.definition = parts.additionDefinition;
    this.keys = parts.additionKeys;
    this.fault = parts.additionFault;
    this.add = parts.additionAdd;
    this.desk = desk;
    this.waiting = false;
    this.add.addEventListener("click", () => this.submit());
    this.kinds.addEventListener("change", () => this.arrange());
  }

  ready() {
    const any = this.growing().length > 0 || this.desk.session.hand.targets().length > 0;
    if (!any) this.desk.session.say("Nothing can be added to this codebook.");
    return any;
  }

  growing() {
    return this.desk.session.codebook.scheme.variables.filter((variable) => !variable.shared);
  }

  // What was typed before stays, in case Esc was pressed by mistake.
  enter() {
    const { session, view } = this.desk;
    const growing = this.growing();
    const kinds = [growing.length && "code", session.hand.targets().length && "target"].filter(Boolean);
    const hand = growing.find((variable) => variable === session.hand.variable()) ?? growing[0];
    this.offer(this.kinds, kinds.map((kind) => [kind, kind]), kinds[0]);
    this.offer(this.variables, growing.map(({ name, heading }) => [name, heading]), hand?.name);
    this.offerKeys("");
    setText(this.fault, "");
    this.arrange();
    const room = innerHeight - view.parts.now.getBoundingClientRect().bottom;
    this.node.style.maxHeight = `${Math.max(LOWEST, room - 24)}px`;
    this.first().focus({ preventScroll: true });
  }

  offer(group, choices, chosen) {
    const options = choices.map(([value, text]) => option(group, value, text, value === chosen));
    group.replaceChildren(group.querySelector("legend"), ...options);
  }

  offerKeys(chosen) {
    const { free_keys: free } = this.desk.session.codebook.scheme;
    const none = free.length ? "none" : "none is free: / will find the code";
    this.offer(this.keys, [["", none], ...free.map((key) => [key, key])], chosen);
  }

  // Somebody else may have taken a key meanwhile.
  renew() {
    const chosen = valueOf(this.keys);
    this.offerKeys(this.desk.session.codebook.scheme.free_keys.includes(chosen) ? chosen : "");
  }

  arrange() {
    const code = valueOf(this.kinds) === "code";
    for (const group of [this.variables, this.defined, this.keys]) group.hidden = !code;
    this.title.placeholder = code ? "What the chip says" : "Whom or what a stance is toward";
  }

  first() {
    return this.kinds.querySelector(":checked");
  }

  hear(event) {
    if (event.key !== "Enter") return this.choose(event);
    const adds = event.ctrlKey || event.metaKey;
    if (event.target.localName === "button" && !adds) return false;
    if (event.target === this.definition && event.shiftKey) return false;
    if (event.repeat) return true;
    if (adds) this.submit();
    else this.goOn(event.target);
    return true;
  }

  // A letter among the keys is the key; among the other choices it begins the title.
  choose(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.type !== "radio") return false;
    const keys = this.keys.contains(event.target);
    const key = keys && this.keys.querySelector(`[value="${CSS.escape(keyOf(event))}"]`);
    if (key?.value) {
      key.checked = true;
      key.focus();
      return true;
    }
    if (!keys && event.key.length === 1 && event.key !== " ") this.title.focus();
    return false;
  }

  goOn(from) {
    const fields = [this.kinds, this.variables, this.title, this.definition, this.keys];
    const shown = fields.filter((field) => !field.closest("[hidden]"));
    const next = shown[shown.findIndex((field) => field.contains(from)) + 1];
    if (next) (next.querySelector(":checked") ?? next).focus();
    else this.submit();
  }

  stated() {
    const title = this.title.value;
    if (valueOf(this.kinds) === "target") return { add: "target", title };
    const variable = valueOf(this.variables);
    const definition = this.definition.value;
    return { add: "code", variable, title, definition, hotkey: valueOf(this.keys) || null };
  }

  async submit() {
    if (this.waiting) return;
    const { session, panels } = this.desk;
    const unit = session.item?.id;
    const { added, fault } = await answered(this, session.codebook.add(this.stated()));
    if (fault) return this.complain(fault);
    this.title.value = this.definition.value = "";
    const here = panels.open === this;
    if (here) panels.close();
    if (here && session.item?.id === unit) this.use(added);
    this.desk.paint();
  }

  // A coder adds a code or a target because the sentence in hand needs it.
  use(added) {
    const { session } = this.desk;
    const cell = session.codebook.cellOf(added);
    if (added.add === "target") session.hand.chooseTarget(added.name);
    else if (cell) this.desk.toggle(cell);
  }

  complain(fault) {
    if (this.desk.panels.open !== this) return this.desk.session.say(fault);
    setText(this.fault, fault);
    this.fault.scrollIntoView({ block: "nearest" });
  }
}

function option(group, value, text, chosen) {
  const attributes = { type: "radio", name: group.dataset.part, value, checked: chosen ? "" : null };
  return element("label", {}, element("input", attributes), element("span", {}, text));
}

function valueOf(group) {
  return group.querySelector(":checked")?.value ?? "";
}
