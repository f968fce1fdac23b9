// A finger that rests on a code reads what it means, in the codebook, and does not toggle it.

const RESTS = 500; // milliseconds
const TREMBLES = 10; // pixels; who moves farther is scrolling

class RestingFinger {
  constructor(root, explain) {
    this.explain = explain;
    this.rested = false;
    root.addEventListener("pointerdown", (event) => this.begin(event));
    root.addEventListener("pointermove", (event) => this.move(event), { passive: true });
    for (const kind of ["pointerup", "pointercancel"]) {
      root.addEventListener(kind, () => clearTimeout(this.timer));
    }
    root.addEventListener("contextmenu", (event) => this.rested && event.preventDefault());
  }

  begin({ pointerType, target, clientX, clientY }) {
    this.rested = false;
    clearTimeout(this.timer);
    const chip = target.closest?.("[data-testid=code]");
    if (!chip || pointerType !== "touch") return;
    this.from = [clientX, clientY];
    this.timer = setTimeout(() => {
      this.rested = true;
      this.explain(chip);
    }, RESTS);
  }

  move({ clientX, clientY }) {
    if (!this.from || Math.hypot(clientX - this.from[0], clientY - this.from[1]) < TREMBLES) return;
    clearTimeout(this.timer);
  }
}
