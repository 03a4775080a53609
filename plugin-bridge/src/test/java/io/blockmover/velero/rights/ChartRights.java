package io.blockmover.velero.rights;

import io.blockmover.testkit.kubernetes.FakeRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The controller's rules in deploy/install.yaml, which is made from the chart. */
public final class ChartRights {

  private static final Path FILE = Path.of("..", "deploy", "install.yaml");
  private static final String VELERO = "velero";

  private final List<Right> rights = new ArrayList<>();

  /**
   * One verb on one resource.
   *
   * @param everywhere in all namespaces, and outside of them
   */
  public record Right(boolean everywhere, FakeRule rule) {
    @Override
    public String toString() {
      String group = rule.group().isEmpty() ? "" : "." + rule.group();
      return rule.verb() + " " + rule.resource() + group + (everywhere ? " everywhere" : "");
    }
  }

  /** Reads them. */
  public static ChartRights load() throws IOException {
    ChartRights found = new ChartRights();
    Load yaml = new Load(LoadSettings.builder().build());
    for (Object document : yaml.loadAllFromString(Files.readString(FILE))) {
      if (document instanceof Map<?, ?> object
          && object.get("metadata") instanceof Map<?, ?> metadata
          && String.valueOf(metadata.get("name")).endsWith("-controller")
          && object.get("rules") instanceof List<?> rules) {
        boolean everywhere = object.get("kind").equals("ClusterRole");
        rules.forEach(rule -> found.add(everywhere, (Map<?, ?>) rule));
      }
    }
    return found;
  }

  private void add(boolean everywhere, Map<?, ?> rule) {
    for (Object group : (List<?>) rule.get("apiGroups")) {
      for (Object resource : (List<?>) rule.get("resources")) {
        for (Object verb : (List<?>) rule.get("verbs")) {
          rights.add(
              new Right(
                  everywhere,
                  new FakeRule(verb.toString(), group.toString(), resource.toString())));
        }
      }
    }
  }

  /** What each of the requests needs, as a FakeApiServer noted them down. */
  public static Set<Right> needed(List<String> requests) {
    return requests.stream()
        .map(ChartRights::needed)
        .flatMap(Optional::stream)
        .collect(
            Collectors.toCollection(
                () -> new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()))));
  }

  /** {@code "GET /apis/GROUP/VERSION/namespaces/NS/RESOURCE/NAME/SUB"}. */
  private static Optional<Right> needed(String request) {
    String method = request.substring(0, request.indexOf(' '));
    List<String> path = List.of(request.substring(request.indexOf(' ') + 2).split("/"));
    boolean core = path.getFirst().equals("api");
    int at = core ? 2 : 3;
    if (path.size() <= at || method.equals("WATCH")) {
      return Optional.empty(); // Discovery; watches are another test's.
    }
    String group = core ? "" : path.get(1);
    String namespace = "";
    if (path.get(at).equals("namespaces") && path.size() > at + 2) {
      namespace = path.get(at + 1);
      at += 2;
    }
    boolean named = path.size() > at + 1;
    String resource = path.size() > at + 2 ? path.get(at) + "/" + path.get(at + 2) : path.get(at);
    String verb =
        switch (method) {
          case "GET" -> named ? "get" : "list";
          case "POST" -> "create";
          default -> method.toLowerCase(Locale.ROOT);
        };
    return Optional.of(new Right(!namespace.equals(VELERO), new FakeRule(verb, group, resource)));
  }

  /** Whether the chart grants it. */
  public boolean grants(Right needed) {
    return rights.stream()
        .anyMatch(
            right ->
                right.rule().equals(needed.rule()) && (right.everywhere() || !needed.everywhere()));
  }

  /** All that the chart grants, by verb and resource. */
  public Set<FakeRule> all() {
    return rights.stream().map(Right::rule).collect(Collectors.toSet());
  }
}
