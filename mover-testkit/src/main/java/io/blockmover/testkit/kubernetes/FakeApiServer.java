package io.blockmover.testkit.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An API server in memory, over real HTTP: objects with the metadata that a server gives them, RBAC
 * that can be taken away, the reviews, token requests, controllers as callbacks, and faults.
 */
public final class FakeApiServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FakeObjects objects = new FakeObjects();
  private final FakeReviews reviews = new FakeReviews();
  private final List<String> withoutGroups = new ArrayList<>();
  private final FakeFaults faults = new FakeFaults();
  private final List<String> requests = new ArrayList<>();
  private final Map<String, Consumer<ObjectNode>> controllers = new HashMap<>();
  private final Map<String, String> logs = new HashMap<>();

  /** Starts one without objects, in which everything is allowed. */
  public FakeApiServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Writes a kubeconfig that leads here. */
  public Path kubeconfig(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: fake, cluster: {server: "%s"}}]
        users: [{name: me, user: {token: secret}}]
        contexts: [{name: fake, context: {cluster: fake, user: me, namespace: default}}]
        current-context: fake
        """
            .formatted(url()));
  }

  /** Creates the object, or puts it in the place of the one that there is, status included. */
  public synchronized void put(String json) {
    ObjectNode object = read(json);
    FakeKind kind = kind(object);
    String namespace = object.at("/metadata/namespace").asText("");
    objects
        .find(kind, namespace, object.at("/metadata/name").asText())
        .ifPresent(old -> objects.delete(kind, old));
    ObjectNode created = objects.create(kind, namespace, object);
    if (created == null) {
      throw new IllegalStateException("its finalizers keep the old one");
    }
    notifyAll();
  }

  /** A copy of an object. */
  public synchronized Optional<ObjectNode> find(String kind, String namespace, String name) {
    return FakeKind.ALL.stream()
        .filter(known -> known.kind().equals(kind))
        .flatMap(known -> objects.find(known, namespace, name).stream())
        .findFirst()
        .map(ObjectNode::deepCopy);
  }

  /** Names of all objects of a kind, with their namespace where they have one. */
  public synchronized List<String> names(String kind) {
    return FakeKind.ALL.stream()
        .filter(known -> known.kind().equals(kind))
        .flatMap(known -> objects.list(known, "", object -> true).stream())
        .map(
            object ->
                object.at("/metadata/namespace").isTextual()
                    ? object.at("/metadata/namespace").asText()
                        + "/"
                        + object.at("/metadata/name").asText()
                    : object.at("/metadata/name").asText())
        .toList();
  }

  /** Changes an object behind the back of whoever uses it. */
  public synchronized void change(
      String kind, String namespace, String name, Consumer<ObjectNode> change) {
    for (FakeKind known : FakeKind.ALL) {
      if (known.kind().equals(kind)) {
        objects
            .find(known, namespace, name)
            .ifPresent(
                object -> {
                  change.accept(object);
                  objects.replace(new FakePath(known, namespace, name, ""), object);
                });
      }
    }
    notifyAll();
  }

  /** Deletes an object, and what it owns. */
  public synchronized void delete(String kind, String namespace, String name) {
    for (FakeKind known : FakeKind.ALL) {
      if (known.kind().equals(kind)) {
        objects.find(known, namespace, name).ifPresent(object -> objects.delete(known, object));
      }
    }
    notifyAll();
  }

  /** Does what a controller would do to each new object of a kind, at once. */
  public synchronized void controller(String kind, Consumer<ObjectNode> reaction) {
    controllers.put(kind, reaction);
  }

  /** What a pod prints, whether it is there yet or not. */
  public synchronized void log(String namespace, String pod, String text) {
    logs.put(namespace + "/" + pod, text);
  }

  /** Serves no such group, or {@code group/version}, from now on. */
  public synchronized void without(String groupOrVersion) {
    withoutGroups.add(groupOrVersion);
  }

  /** Serves a group again. */
  public synchronized void with(String group) {
    withoutGroups.removeIf(without -> without.equals(group) || without.startsWith(group + "/"));
  }

  /** Forbids something, until {@link #allow}. */
  public synchronized void deny(FakeRule rule) {
    reviews.deny(rule);
  }

  /** Takes back what {@link #deny} forbade and this covers. */
  public synchronized void allow(FakeRule rule) {
    reviews.allow(rule);
  }

  /** Who the caller is from now on: {@code system:serviceaccount:ns:name}, or a person. */
  public synchronized void caller(String user) {
    reviews.caller(user);
  }

  /** Who the caller is. */
  public synchronized String caller() {
    return reviews.caller();
  }

  /** Answers the next requests that look like this, {@code "GET /api/v1/…"}, with a status. */
  public synchronized void fail(Predicate<String> request, int status, int times) {
    faults.add(request, status, FakeFaults.MESSAGE, times, false);
  }

  /** As {@link #fail}, in words that an admission controller would use. */
  public synchronized void refuse(
      Predicate<String> request, int status, String message, int times) {
    faults.add(request, status, message, times, false);
  }

  /** Ends all faults. */
  public synchronized void heal() {
    faults.clear();
  }

  /** As {@link #fail}, but does the work first: only the answer is lost. */
  public synchronized void failAfter(Predicate<String> request, int status, int times) {
    faults.add(request, status, FakeFaults.MESSAGE, times, true);
  }

  /** All requests until now: method and path. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (exchange.getRequestMethod().equals("GET") && FakeQuery.of(exchange).watches()) {
      watch(exchange);
      return;
    }
    Answer answer;
    try {
      answer = answer(exchange, body);
    } catch (RuntimeException e) {
      answer = Answer.failure(500, "InternalError", e.toString());
    }
    String text = answer.text();
    byte[] bytes =
        text == null
            ? JSON.writeValueAsBytes(answer.body())
            : text.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", text == null ? "application/json" : "text/plain");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /**
   * Tells of changes as they come, until the client leaves. Web sockets are not offered: clients
   * take the plain way then.
   */
  private void watch(HttpExchange exchange) throws IOException {
    Optional<FakePath> path = FakePath.parse(exchange.getRequestURI().getPath());
    if (path.isEmpty() || "websocket".equalsIgnoreCase(header(exchange, "Upgrade"))) {
      exchange.sendResponseHeaders(path.isEmpty() ? 404 : 200, -1);
      exchange.close();
      return;
    }
    Answer denied = watchDenied(path.get());
    if (denied != null) {
      byte[] bytes = JSON.writeValueAsBytes(denied.body());
      exchange.sendResponseHeaders(denied.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (exchange) {
      stream(exchange, path.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The client has left.
    }
  }

  private synchronized @Nullable Answer watchDenied(FakePath path) {
    requests.add("WATCH " + path.kind().root() + "/" + path.kind().plural());
    FakeRule rule = new FakeRule("watch", path.kind().group(), path.kind().plural());
    return reviews.allowed(rule) ? null : Answer.forbidden(rule, path);
  }

  private void stream(HttpExchange exchange, FakePath path)
      throws IOException, InterruptedException {
    FakeQuery query = FakeQuery.of(exchange);
    long seen = query.resourceVersion();
    exchange.getResponseBody().flush();
    while (true) {
      List<FakeObjects.Change> changes = changes(seen);
      for (FakeObjects.Change change : changes) {
        seen = change.version();
        String namespace = change.object().at("/metadata/namespace").asText("");
        if (change.kind().equals(path.kind())
            && (path.namespace().isEmpty() || path.namespace().equals(namespace))
            && query.selects(change.object())) {
          ObjectNode event = JSON.createObjectNode().put("type", change.type());
          event.set("object", change.object());
          exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
      exchange.getResponseBody().flush();
    }
  }

  private synchronized List<FakeObjects.Change> changes(long seen) throws InterruptedException {
    while (objects.since(seen).isEmpty()) {
      wait();
    }
    return objects.since(seen);
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  private synchronized Answer answer(HttpExchange exchange, byte[] body) {
    String path = exchange.getRequestURI().getPath();
    String request = exchange.getRequestMethod() + " " + path;
    requests.add(request);
    notifyAll(); // Whoever watches looks once this lock is free.
    Optional<FakeFaults.Struck> fault = faults.strike(request);
    if (fault.isPresent()) {
      if (fault.get().late()) {
        dispatch(exchange, path, body);
      }
      return fault.get().answer();
    }
    return dispatch(exchange, path, body);
  }

  private Answer dispatch(HttpExchange exchange, String path, byte[] body) {
    Optional<Answer> discovery = FakeDiscovery.answer(path, this::served);
    if (discovery.isPresent()) {
      return discovery.get();
    }
    Optional<Answer> review = reviews.answer(path, () -> read(body));
    if (review.isPresent()) {
      return review.get();
    }
    Optional<FakePath> parsed = FakePath.parse(path).filter(found -> served(found.kind()));
    if (parsed.isEmpty()) {
      return Answer.notServed();
    }
    return act(exchange.getRequestMethod(), parsed.get(), FakeQuery.of(exchange), body);
  }

  private Answer act(String method, FakePath path, FakeQuery query, byte[] body) {
    FakeRule rule = FakeReviews.rule(method, path);
    if (!reviews.allowed(rule)) {
      return Answer.forbidden(rule, path);
    }
    if (path.subresource().equals("token")) {
      return reviews.token(objects, path, read(body));
    }
    if (path.subresource().equals("log")) {
      return Answer.text(logs.getOrDefault(path.namespace() + "/" + path.name(), ""));
    }
    return switch (method) {
      case "GET" -> path.name().isEmpty() ? list(path, query) : get(path);
      case "POST" -> create(path, read(body));
      case "PUT" -> replace(path, read(body));
      case "PATCH" -> patch(path, body);
      case "DELETE" -> delete(path, body.length == 0 ? JSON.createObjectNode() : read(body));
      default -> Answer.failure(405, "MethodNotAllowed", method);
    };
  }

  private Answer get(FakePath path) {
    return objects
        .find(path.kind(), path.namespace(), path.name())
        .map(object -> new Answer(200, object.deepCopy()))
        .orElseGet(() -> Answer.notFound(path));
  }

  private Answer list(FakePath path, FakeQuery query) {
    ObjectNode list = JSON.createObjectNode();
    list.put("apiVersion", path.kind().apiVersion());
    list.put("kind", path.kind().kind() + "List");
    list.putObject("metadata").put("resourceVersion", Long.toString(objects.version()));
    ArrayNode items = list.putArray("items");
    objects
        .list(path.kind(), path.namespace(), query::selects)
        .forEach(o -> items.add(o.deepCopy()));
    return new Answer(200, list);
  }

  private Answer create(FakePath path, ObjectNode object) {
    ObjectNode created = objects.create(path.kind(), path.namespace(), object);
    if (created == null) {
      return Answer.failure(
          409,
          "AlreadyExists",
          path.kind().plural() + " " + object.at("/metadata/name") + " already exists");
    }
    Consumer<ObjectNode> controller = controllers.get(path.kind().kind());
    if (controller != null) {
      controller.accept(created);
    }
    return new Answer(201, created.deepCopy());
  }

  private Answer replace(FakePath path, ObjectNode object) {
    Optional<ObjectNode> old = objects.find(path.kind(), path.namespace(), path.name());
    if (old.isEmpty()) {
      return Answer.notFound(path);
    }
    String version = object.at("/metadata/resourceVersion").asText("");
    if (!version.isEmpty() && !version.equals(old.get().at("/metadata/resourceVersion").asText())) {
      return Answer.failure(409, "Conflict", "the object has been modified");
    }
    objects.replace(path, object);
    return new Answer(200, object.deepCopy());
  }

  private Answer patch(FakePath path, byte[] body) {
    Optional<ObjectNode> old = objects.find(path.kind(), path.namespace(), path.name());
    if (old.isEmpty()) {
      return Answer.notFound(path);
    }
    ObjectNode patch = read(body);
    String version = patch.at("/metadata/resourceVersion").asText("");
    if (!version.isEmpty() && !version.equals(old.get().at("/metadata/resourceVersion").asText())) {
      return Answer.failure(409, "Conflict", "the object has been modified");
    }
    FakeObjects.merge(old.get(), patch);
    objects.replace(path, old.get());
    return new Answer(200, old.get().deepCopy());
  }

  private Answer delete(FakePath path, ObjectNode options) {
    Optional<ObjectNode> old = objects.find(path.kind(), path.namespace(), path.name());
    if (old.isEmpty()) {
      return Answer.notFound(path);
    }
    JsonNode uid = options.at("/preconditions/uid");
    if (uid.isTextual() && !uid.asText().equals(old.get().at("/metadata/uid").asText())) {
      return Answer.failure(409, "Conflict", "the object has another uid");
    }
    objects.delete(path.kind(), old.get());
    return new Answer(200, old.get().deepCopy());
  }

  private boolean served(FakeKind kind) {
    return !withoutGroups.contains(kind.group()) && !withoutGroups.contains(kind.apiVersion());
  }

  private static FakeKind kind(ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText();
    String kind = object.path("kind").asText();
    return FakeKind.of(apiVersion, kind)
        .orElseThrow(() -> new IllegalArgumentException(apiVersion + " " + kind + " is unknown"));
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ObjectNode read(byte[] json) {
    return read(new String(json, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
