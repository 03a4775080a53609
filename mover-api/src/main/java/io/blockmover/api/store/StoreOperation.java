package io.blockmover.api.store;

/** The kinds of request, for counting, retrying and breaking them. */
public enum StoreOperation {
  PUT,
  PUT_IF_ABSENT,
  REPLACE,
  READ,
  LOAD,
  FIND,
  /** One page of a listing. */
  LIST,
  /** One key, or one batch of keys. */
  DELETE;

  /** Whether it changes what the store holds. */
  public boolean mutates() {
    return switch (this) {
      case PUT, PUT_IF_ABSENT, REPLACE, DELETE -> true;
      case READ, LOAD, FIND, LIST -> false;
    };
  }
}
