package io.blockmover.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which groups and versions there are. */
final class FakeDiscovery {

  private FakeDiscovery() {}

  static Optional<Answer> answer(String path, Predicate<FakeKind> served) {
    if (path.equals("/version")) {
      ObjectNode version = JsonNodeFactory.instance.objectNode();
      version.put("major", "1").put("minor", "34").put("gitVersion", "v1.34.0");
      return Optional.of(new Answer(200, version));
    }
    if (path.equals("/apis")) {
      ObjectNode list = JsonNodeFactory.instance.objectNode();
      list.put("kind", "APIGroupList").put("apiVersion", "v1");
      ArrayNode groups = list.putArray("groups");
      FakeKind.ALL.stream()
          .filter(served)
          .map(FakeKind::group)
          .filter(group -> !group.isEmpty())
          .distinct()
          .forEach(group -> groups.add(group(group, served)));
      return Optional.of(new Answer(200, list));
    }
    String[] parts = path.split("/", -1);
    if (parts.length == 3 && parts[1].equals("apis")) {
      ObjectNode group = group(parts[2], served);
      return Optional.of(
          group.path("versions").isEmpty() ? Answer.notServed() : new Answer(200, group));
    }
    return Optional.empty();
  }

  private static ObjectNode group(String name, Predicate<FakeKind> served) {
    ObjectNode group = JsonNodeFactory.instance.objectNode();
    group.put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
    ArrayNode versions = group.putArray("versions");
    List<String> found =
        FakeKind.ALL.stream()
            .filter(kind -> kind.group().equals(name))
            .filter(served)
            .map(FakeKind::version)
            .distinct()
            .toList();
    found.forEach(
        version ->
            versions.addObject().put("groupVersion", name + "/" + version).put("version", version));
    return group;
  }
}
