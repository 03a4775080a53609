package io.blockmover.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What the fake API server says.
 *
 * @param text instead of the body, null if there is none
 */
record Answer(int status, ObjectNode body, @Nullable String text) {

  Answer(int status, ObjectNode body) {
    this(status, body, null);
  }

  static Answer text(String text) {
    return new Answer(200, JsonNodeFactory.instance.objectNode(), text);
  }

  static Answer failure(int status, String reason, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("apiVersion", "v1");
    body.put("kind", "Status");
    body.put("status", "Failure");
    body.put("message", message);
    body.put("reason", reason);
    body.put("code", status);
    return new Answer(status, body);
  }

  static Answer notFound(FakePath path) {
    String resource =
        path.kind().group().isEmpty()
            ? path.kind().plural()
            : path.kind().plural() + "." + path.kind().group();
    Answer answer = failure(404, "NotFound", resource + " \"" + path.name() + "\" not found");
    answer.body().putObject("details").put("name", path.name()).put("kind", path.kind().plural());
    return answer;
  }

  /** For a group or version that the server does not have. */
  static Answer notServed() {
    return failure(404, "NotFound", "the server could not find the requested resource");
  }

  static Answer forbidden(FakeRule rule, FakePath path) {
    return failure(
        403,
        "Forbidden",
        "%s.%s is forbidden: User cannot %s resource \"%s\" in API group \"%s\"%s"
            .formatted(
                path.kind().plural(),
                rule.group(),
                rule.verb(),
                rule.resource(),
                rule.group(),
                path.namespace().isEmpty()
                    ? " at the cluster scope"
                    : " in the namespace \"" + path.namespace() + "\""));
  }
}
