// Labels that are looked at again: an item with a `review` has the coder's `earlier` answers toggled,
// and is open until it is decided anew. Nothing of a model is on it, nor why it is here.

// What an event makes of a decision; what is taken back leaves the label that was to be reviewed.
function reviewedAfter({ earlier }, decision, event) {
  const after = afterEvent(decision, event);
  return event.op === "retract" && earlier ? { ...earlier, ...remarksOf(after) } : after;
}

// What is toggled once a review was taken back; null where there was none.
function toggledForReview({ earlier, decision }) {
  return earlier ? draftOf(decision.answers) : null;
}

// One quiet line, on what is to be reviewed.
function reviewText(item) {
  if (!item?.review || !isOpen(item)) return "";
  const day = dateOf(item.earlier.decided_at);
  return `You answered this on ${day}. Change it, or press Enter to keep it.`;
}

// What came of it, as the server counted it.
function checkDone(session) {
  const any = session.progress.total > 0;
  const told = any ? "Every label of this check is looked at" : "None of your labels is in this check";
  const came = link("model", "Look at it code by code", { queue: "", view: "check" });
  const whole = link("", "go on with the whole project", { queue: "" });
  const outcome = any && session.queue.outcome ? `${session.queue.outcome} ` : "";
  return endLines(told, [outcome, came, ", or ", whole, "."], session);
}
