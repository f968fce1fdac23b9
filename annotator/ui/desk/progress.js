// How far the coder is, and how fast.

const IDLE = 60_000; // milliseconds; a longer pause is not time spent on the sentence
const PACE_WEIGHT = 0.2; // of the newest sentence in the running mean

class Progress {
  constructor(session) {
    this.session = session;
    this.told = null; // the counts, as the server told them last
    this.secondsEach = null; // a running mean
  }

  take(told) {
    this.told = told;
  }

  get total() {
    return this.told?.total ?? 0;
  }

  // The server's count of what is "done", "skipped" or "flagged", and what it has not heard of yet.
  count(which) {
    const { list, outbox } = this.session;
    let count = this.told?.[which] ?? 0;
    for (const { event, place } of outbox.entries.values()) {
      const isHere = !list || list.kind === "order" || event.queue === list.name;
      if (isHere) count += place?.counted?.[which] ?? 0;
    }
    return Math.max(0, count);
  }

  learnPace(seconds) {
    const mean = this.secondsEach ?? seconds;
    this.secondsEach = mean + PACE_WEIGHT * (seconds - mean);
  }
}

// Time spent on a sentence: runs while the coder does something, and stops when they leave.
class Clock {
  restart() {
    this.spent = 0;
    this.last = performance.now();
  }

  touch() {
    const now = performance.now();
    this.spent += Math.min(IDLE, now - this.last);
    this.last = now;
  }

  read() {
    this.touch();
    return Math.round(this.spent) / 1000;
  }
}
