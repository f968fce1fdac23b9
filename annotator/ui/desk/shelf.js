// The shelf: records in localStorage, a key for each, so that they outlive a reload. Storage may be
// full, forbidden or absent: then `works` is false, and the records live in this tab only.

class Shelf {
  constructor(prefix) {
    this.prefix = prefix;
    this.works = true;
  }

  put(id, record) {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify(record));
    } catch {
      this.works = false;
    }
  }

  remove(id) {
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      this.works = false;
    }
  }

  all() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      return keys.map((key) => this.read(key)).filter((record) => record !== null);
    } catch {
      this.works = false;
      return [];
    }
  }

  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null; // not ours, or cut off half-way: nothing that could be sent
    }
  }
}
