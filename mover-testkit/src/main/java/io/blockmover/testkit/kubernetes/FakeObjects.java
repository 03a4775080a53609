package io.blockmover.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The objects, with what an API server does to their metadata. Callers hold the server's lock. */
final class FakeObjects {

  private record Key(FakeKind kind, String namespace, String name) {}

  /** What happened to an object, for those who watch; the object as it was then. */
  record Change(long version, String type, FakeKind kind, ObjectNode object) {}

  private final Map<Key, ObjectNode> objects = new LinkedHashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private long version = 1000;

  long version() {
    return version;
  }

  /** All that happened since, oldest first. */
  List<Change> since(long seen) {
    return changes.stream().filter(change -> change.version() > seen).toList();
  }

  private void happened(String type, FakeKind kind, ObjectNode object) {
    changes.add(new Change(version, type, kind, object.deepCopy()));
  }

  Optional<ObjectNode> find(FakeKind kind, String namespace, String name) {
    return Optional.ofNullable(objects.get(new Key(kind, namespace, name)));
  }

  List<ObjectNode> list(FakeKind kind, String namespace, Predicate<ObjectNode> wanted) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().kind().equals(kind))
        .filter(entry -> namespace.isEmpty() || entry.getKey().namespace().equals(namespace))
        .map(Map.Entry::getValue)
        .filter(wanted)
        .toList();
  }

  /** Null if there is one of that name. */
  @Nullable ObjectNode create(FakeKind kind, String namespace, ObjectNode object) {
    ObjectNode metadata = object.withObject("/metadata");
    if (!metadata.hasNonNull("name")) {
      metadata.put("name", metadata.path("generateName").asText("x-") + Long.toString(version, 36));
    }
    if (kind.namespaced()) {
      metadata.put("namespace", namespace);
    }
    Key key = new Key(kind, kind.namespaced() ? namespace : "", metadata.get("name").asText());
    if (objects.containsKey(key)) {
      return null;
    }
    object.put("apiVersion", kind.apiVersion());
    object.put("kind", kind.kind());
    metadata.put("uid", metadata.path("uid").asText("uid-" + version));
    if (!metadata.hasNonNull("creationTimestamp")) {
      metadata.put("creationTimestamp", Instant.now().toString());
    }
    touch(object);
    objects.put(key, object);
    happened("ADDED", kind, object);
    return object;
  }

  void touch(ObjectNode object) {
    object.withObject("/metadata").put("resourceVersion", Long.toString(++version));
  }

  void replace(FakePath path, ObjectNode object) {
    touch(object);
    objects.put(new Key(path.kind(), path.namespace(), path.name()), object);
    happened("MODIFIED", path.kind(), object);
    if (object.at("/metadata/deletionTimestamp").isTextual()
        && object.at("/metadata/finalizers").isEmpty()) {
      remove(object, path.kind());
    }
  }

  /** As the server and its garbage collector do: finalizers delay it, what it owns goes with it. */
  void delete(FakeKind kind, ObjectNode object) {
    if (!object.at("/metadata/finalizers").isEmpty()) {
      object.withObject("/metadata").put("deletionTimestamp", Instant.now().toString());
      touch(object);
      happened("MODIFIED", kind, object);
    } else {
      remove(object, kind);
    }
  }

  private void remove(ObjectNode object, FakeKind kind) {
    JsonNode metadata = object.get("metadata");
    objects.remove(
        new Key(kind, metadata.path("namespace").asText(""), metadata.get("name").asText()));
    touch(object);
    happened("DELETED", kind, object);
    String uid = metadata.get("uid").asText();
    for (Map.Entry<Key, ObjectNode> entry : new ArrayList<>(objects.entrySet())) {
      if (entry.getValue().at("/metadata/ownerReferences") instanceof ArrayNode owners
          && owners.findValuesAsText("uid").contains(uid)) {
        delete(entry.getKey().kind(), entry.getValue());
      }
    }
  }

  /** RFC 7386. */
  static void merge(ObjectNode into, JsonNode patch) {
    patch
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                into.remove(field.getKey());
              } else if (field.getValue().isObject()) {
                if (!into.path(field.getKey()).isObject()) {
                  into.putObject(field.getKey());
                }
                merge((ObjectNode) into.get(field.getKey()), field.getValue());
              } else {
                into.set(field.getKey(), field.getValue());
              }
            });
  }
}
