// What a model suggests for the unit in hand, and what of it the coder gets to see.

function suggestionsOf({ item, cells }) {
  return (item?.candidates ?? []).filter((one) => one.show && cells.has(chipKeyOf(one)));
}

// What the chips show: nothing yet where the coder is to answer first.
function shownSuggestions(session) {
  return isHidden(session.item) ? [] : suggestionsOf(session);
}

// Every score goes along with the decision; `shown` is what had a mark on its chip.
function candidatesShown(item, cells) {
  return (item.candidates ?? []).map((one) => {
    const { variable, target, code, score, above, show } = one;
    const shown = Boolean(show) && cells.has(chipKeyOf(one));
    return { variable, target: target ?? "", code, score, above, shown };
  });
}

// What is hidden was not shown.
function candidatesSeen(item, cells) {
  const told = candidatesShown(item, cells);
  return isHidden(item) ? told.map((one) => ({ ...one, shown: false })) : told;
}

// chip key → "learning: 7 of about 20 sentences", for the codes a model cannot suggest yet.
function learningOf(model) {
  const learning = new Map();
  for (const one of model?.codes ?? []) {
    if (one.ready) continue;
    learning.set(chipKeyOf(one), `learning: ${one.positives} of about ${one.needed} sentences`);
  }
  return learning;
}
