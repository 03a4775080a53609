package io.blockmover.testkit.kubernetes;

/**
 * Something that may be done, as RBAC names it; {@code *} stands for all.
 *
 * @param resource the plural, with {@code /subresource} where there is one
 */
public record FakeRule(String verb, String group, String resource) {

  boolean covers(FakeRule other) {
    return fits(verb, other.verb) && fits(group, other.group) && fits(resource, other.resource);
  }

  private static boolean fits(String mine, String other) {
    return mine.equals("*") || mine.equals(other);
  }
}
