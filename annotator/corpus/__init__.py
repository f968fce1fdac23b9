"""Files to units: readers, the wire form, sentences, languages."""
