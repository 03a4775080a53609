package io.blockmover.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Who asks, what is allowed, and tokens. Callers hold the server's lock. */
final class FakeReviews {

  private static final String AUTHENTICATION = "/apis/authentication.k8s.io/v1/";
  private static final String AUTHORIZATION = "/apis/authorization.k8s.io/v1/";

  private record Given(String user, String audience, Instant expires) {}

  private final List<FakeRule> denied = new ArrayList<>();
  private final Map<String, Given> tokens = new HashMap<>();
  private String caller = "system:serviceaccount:mover:mover";

  void deny(FakeRule rule) {
    denied.add(rule);
  }

  void allow(FakeRule rule) {
    denied.removeIf(rule::covers);
  }

  void caller(String user) {
    caller = user;
  }

  String caller() {
    return caller;
  }

  boolean allowed(FakeRule rule) {
    return denied.stream().noneMatch(rule::covers)
        && denied.stream().noneMatch(no -> no.covers(rule));
  }

  static FakeRule rule(String method, FakePath path) {
    String verb =
        switch (method) {
          case "GET" -> path.name().isEmpty() ? "list" : "get";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          default -> "delete";
        };
    String resource =
        path.subresource().isEmpty()
            ? path.kind().plural()
            : path.kind().plural() + "/" + path.subresource();
    return new FakeRule(verb, path.kind().group(), resource);
  }

  /** The answer, if the path is that of a review. */
  Optional<Answer> answer(String path, Supplier<ObjectNode> body) {
    return switch (path) {
      case AUTHENTICATION + "selfsubjectreviews" -> {
        ObjectNode review = body.get();
        review.putObject("status").putObject("userInfo").put("username", caller);
        yield Optional.of(new Answer(201, review));
      }
      case AUTHORIZATION + "selfsubjectaccessreviews", AUTHORIZATION + "subjectaccessreviews" ->
          Optional.of(access(body.get()));
      case AUTHENTICATION + "tokenreviews" -> Optional.of(review(body.get()));
      default -> Optional.empty();
    };
  }

  private Answer access(ObjectNode review) {
    JsonNode asked = review.at("/spec/resourceAttributes");
    String subresource = asked.path("subresource").asText("");
    String resource = asked.path("resource").asText("");
    FakeRule rule =
        new FakeRule(
            asked.path("verb").asText(""),
            asked.path("group").asText(""),
            subresource.isEmpty() ? resource : resource + "/" + subresource);
    review.putObject("status").put("allowed", allowed(rule));
    return new Answer(201, review);
  }

  private Answer review(ObjectNode review) {
    Given given = tokens.get(review.at("/spec/token").asText());
    JsonNode audiences = review.at("/spec/audiences");
    ObjectNode status = review.putObject("status");
    if (given != null && good(given, audiences)) {
      status.put("authenticated", true);
      status.putArray("audiences").add(given.audience());
      status.putObject("user").put("username", given.user());
    } else {
      status.put("authenticated", false);
    }
    return new Answer(201, review);
  }

  private static boolean good(Given given, JsonNode audiences) {
    return Instant.now().isBefore(given.expires())
        && audiences.valueStream().anyMatch(name -> name.asText().equals(given.audience()));
  }

  Answer token(FakeObjects objects, FakePath path, ObjectNode request) {
    if (objects.find(path.kind(), path.namespace(), path.name()).isEmpty()) {
      return Answer.notFound(path);
    }
    Instant expires = Instant.now().plusSeconds(request.at("/spec/expirationSeconds").asLong(3600));
    String token = "token-" + (tokens.size() + 1);
    tokens.put(
        token,
        new Given(
            "system:serviceaccount:" + path.namespace() + ":" + path.name(),
            request.at("/spec/audiences/0").asText(""),
            expires));
    request.putObject("status").put("token", token).put("expirationTimestamp", expires.toString());
    return new Answer(201, request);
  }
}
