package io.blockmover.kubernetes.check;

/** Commands that a person can paste. */
final class Commands {

  private Commands() {}

  /** Creates or changes objects. */
  static String apply(String yaml) {
    return "kubectl apply -f - <<'EOF'\n" + yaml.strip() + "\nEOF";
  }
}
