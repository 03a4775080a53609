package io.blockmover.repository.gc;

/** A manifest that is no backup, and never will be one again: forgotten, or never committed. */
record DeadManifest(String volume, String session) {

  static DeadManifest of(ManifestFacts facts) {
    return new DeadManifest(facts.volume(), facts.session());
  }
}
