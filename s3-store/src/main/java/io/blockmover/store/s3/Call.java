package io.blockmover.store.s3;

/** What was asked of the store; decides what an answer, or none, means. */
enum Call {
  PUT("write"),
  PUT_IF_ABSENT("write"),
  REPLACE("replace"),
  READ("read"),
  FIND("look up"),
  LIST("list"),
  DELETE("delete");

  private final String verb;

  Call(String verb) {
    this.verb = verb;
  }

  String verb() {
    return verb;
  }

  /** Whether a lost reply leaves open what the store now holds. Deletes can simply be repeated. */
  boolean writes() {
    return this == PUT || this == PUT_IF_ABSENT || this == REPLACE;
  }
}
