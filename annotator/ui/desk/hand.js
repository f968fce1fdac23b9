// What the coder has in hand: what is toggled on each unit before it is decided, and which target,
// holder and variable the next key is about.

class Hand {
  constructor(session, seat) {
    this.session = session;
    this.drafts = new Map(); // unit → what is toggled there
    this.shelf = new Shelf(`annotator/toggled/${seat}/`);
    this.shelved = this.takeFromShelf();
  }

  // Of the unit in hand; null where there is none.
  draft() {
    const { item } = this.session;
    if (!item) return null;
    if (!this.drafts.has(item.id)) this.drafts.set(item.id, this.firstDraft(item));
    return this.drafts.get(item.id);
  }

  firstDraft(item) {
    const shelved = this.shelved.get(item.id);
    this.shelved.delete(item.id);
    if (!shelved || !isOpen(item)) return draftOf(item.decision?.answers ?? []);
    return { ...draftOf(shelved.answers), none: new Set(shelved.none) };
  }

  // --- a page that goes and comes back ------------------------------------------------------

  putOnShelf() {
    for (const [unit, { given, none }] of this.drafts) {
      const item = this.session.line.itemOf(unit);
      const isLost = item && isOpen(item) && !item.review && (given.size || none.size);
      if (isLost) this.shelf.put(unit, { unit, answers: [...given.values()], none: [...none] });
      else this.shelf.remove(unit);
    }
  }

  takeFromShelf() {
    const records = this.shelf.all().filter(({ unit }) => unit);
    for (const { unit } of records) this.shelf.remove(unit);
    return new Map(records.map((record) => [record.unit, record]));
  }

  // --- coming to a unit -------------------------------------------------------------------

  // The coder has come to a unit: what is toggled there stays.
  begin() {
    const draft = this.draft();
    draft.target = this.targets()[0] ?? "";
    draft.holder = "";
    draft.variable = draft.cursor = draft.reach = null;
    draft.touched = false;
  }

  // --- target, holder and variable --------------------------------------------------------

  targets() {
    const targets = this.session.variables.flatMap((variable) => variable.targets ?? []);
    return [...new Set(targets.map(({ name }) => name))];
  }

  targetFor(variable) {
    if (!variable.targets) return "";
    const active = this.draft()?.target;
    const isKnown = variable.targets.some((target) => target.name === active);
    return isKnown ? active : (variable.targets[0]?.name ?? "");
  }

  // Whose answer a chip of the variable shows.
  holderFor(variable) {
    return variable.holder ? (this.draft()?.holder ?? "") : "";
  }

  // The variable that `0` answers.
  variable() {
    const { variables } = this.session;
    const name = this.draft()?.variable;
    return variables.find((variable) => variable.name === name) ?? variables[0];
  }

  moveTarget(step) {
    const targets = this.targets();
    if (targets.length < 2) return;
    const place = targets.indexOf(this.draft()?.target) + step;
    this.chooseTarget(targets[(place + targets.length) % targets.length]);
  }

  chooseTarget(target) {
    const draft = this.draft();
    if (!draft) return;
    draft.target = target;
    draft.variable = this.session.variables.find((variable) => variable.targets).name;
  }

  // --- toggling ---------------------------------------------------------------------------

  answerFor(cell) {
    return this.draft()?.given.get(this.keyFor(cell));
  }

  keyFor(cell) {
    return answerKey(cell.key, this.holderFor(cell.variable));
  }

  toggle(cell, use = "asserted") {
    const { session } = this;
    const draft = this.draft();
    if (!draft) return;
    session.notice = "";
    if (use === "rejected" && !cell.rejectable) {
      const why = "its codebook does not ask for that";
      return session.say(`“${cell.code.title}” cannot be marked as rejected: ${why}.`);
    }
    if (cell.target) draft.target = cell.target;
    this.touch(draft, cell.variable, cell.target);
    const key = this.keyFor(cell);
    if (draft.given.get(key)?.use === use) draft.given.delete(key);
    else this.give(draft, cell, use);
    session.evidence.toggled(key);
  }

  // A code that is asserted instead of rejected, or the other way, keeps the words it rests on.
  give(draft, cell, use) {
    const { variable, target, code } = cell;
    const had = this.answerFor(cell) ?? bareAnswer(variable.name, target, code.name);
    for (const other of this.session.cells.values()) {
      if (isTakenBackBy(cell, other)) draft.given.delete(this.keyFor(other));
    }
    const holder = this.holderFor(variable);
    const holderType = had.holder_type || this.session.tuples.kindOf(holder);
    draft.given.set(this.keyFor(cell), { ...had, holder, holder_type: holderType, use });
  }

  touch(draft, variable, target) {
    draft.touched = true;
    draft.variable = variable.name;
    draft.none.delete(rowKey(variable.name, target, this.holderFor(variable)));
  }

  // None for the variable in hand, and there for the active target and holder alone: asked, looked
  // at, empty.
  none() {
    const draft = this.draft();
    const variable = this.variable();
    if (!draft || !variable) return;
    this.session.notice = "";
    const target = this.targetFor(variable);
    this.touch(draft, variable, target);
    for (const cell of this.session.cells.values()) {
      const isHere = cell.variable === variable && cell.target === target;
      if (isHere) draft.given.delete(this.keyFor(cell));
    }
    draft.reach = null;
    draft.none.add(rowKey(variable.name, target, this.holderFor(variable)));
  }
}

// Whether a code goes when another of the same question comes: where one alone may be given.
function isTakenBackBy(cell, other) {
  const isSameQuestion = other.variable === cell.variable && other.target === cell.target;
  const isOneOnly = cell.variable.choice === "one" || cell.code.exclusive || other.code.exclusive;
  return isSameQuestion && (isOneOnly || other === cell);
}
