// Keeping the sentence in sight: in a small window the page may be scrolled.

// Below Streamlit's header, and the desk's own, which stays in sight.
const IN_SIGHT = { threshold: 1, rootMargin: "-128px 0px 0px" };

class Sight {
  constructor(root, boxes) {
    this.root = root;
    this.boxes = boxes; // to read in …
    this.hiding = new Set(); // … and those of them that are not wholly in the window
    this.windows = new IntersectionObserver((seen) => this.note(seen), IN_SIGHT);
  }

  watch() {
    for (const box of this.boxes) this.windows.observe(box);
  }

  rest() {
    this.windows.disconnect();
  }

  // The browser tells it after each frame: measuring at a key would lay the page out twice.
  note(seen) {
    for (const { target, intersectionRatio } of seen) {
      if (intersectionRatio < 1) this.hiding.add(target);
      else this.hiding.delete(target);
    }
  }

  // A new sentence must not stay above the window's edge.
  bring(...boxes) {
    if (!boxes.some((box) => this.hiding.has(box))) return;
    this.root.scrollIntoView({ block: "start", behavior: "instant" });
  }
}
