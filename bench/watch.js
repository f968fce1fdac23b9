// Notes how long it takes from a key to the first frame with another sentence, in milliseconds.
// The session's storage outlives a page that is loaded anew between two sentences, and times are
// those of one clock on both.
([selector, key]) => {
  const now = () => performance.timeOrigin + performance.now();

  const within = (root) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const one of root.querySelectorAll("*")) {
      const inner = one.shadowRoot && within(one.shadowRoot);
      if (inner) return inner;
    }
  };

  let sentence;
  const shown = () => {
    if (!sentence?.isConnected) sentence = within(document);
    return sentence?.textContent.trim();
  };

  const kept = (name) => JSON.parse(sessionStorage.getItem(name) ?? "null");
  const keep = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));

  let pressed = kept("bench.pressed");
  const press = (one) => {
    pressed = one;
    keep("bench.pressed", one);
  };

  window.addEventListener("keydown", (event) => {
    const before = event.key === key && shown();
    if (before) press({ at: now(), before });
  }, true);

  const look = () => {
    const text = pressed && shown();
    if (text && text !== pressed.before) {
      keep("bench.painted", [...(kept("bench.painted") ?? []), now() - pressed.at]);
      press(null);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
