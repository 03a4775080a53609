package io.blockmover.testkit.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Does to a {@link FakeApiServer} what kubectl does to a cluster, for commands that a program
 * prints: apply, annotate, label, patch, delete, edit and create secret generic; lines that begin
 * with # are for people. What it does not understand is an error.
 */
public final class FakeKubectl {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A word: quoted in single or double quotes, or bare. */
  private static final Pattern WORD =
      Pattern.compile("(?:'[^']*'|\"(?:\\\\.|[^\"])*\"|[^\\s'\"])+");

  private static final Pattern FROM = Pattern.compile("--from-(?:literal|file)=([^=]+)=(.+)");
  private static final Pattern HERE = Pattern.compile("(?s)(.*) <<'EOF'\n(.*)\nEOF");

  private final FakeApiServer server;
  private final List<ObjectNode> roles = new ArrayList<>();
  private Consumer<ObjectNode> editor =
      object -> {
        throw new IllegalStateException("nobody said what to edit");
      };

  public FakeKubectl(FakeApiServer server) {
    this.server = server;
  }

  /** What the user does in the editor that {@code kubectl edit} opens. */
  public FakeKubectl editing(Consumer<ObjectNode> edit) {
    editor = edit;
    return this;
  }

  /** Runs a command as it was printed. */
  public void run(String printed) {
    String command =
        printed.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
    if (command.contains(" && ")) {
      for (String each : command.split(" && ", -1)) {
        run(each);
      }
      return;
    }
    Matcher here = HERE.matcher(command);
    if (here.matches()) {
      require(here.group(1).equals("kubectl apply -f -"), command);
      apply(here.group(2));
      return;
    }
    List<String> words = words(command.replace("\\\n", " "));
    require(words.size() >= 3 && words.get(0).equals("kubectl"), command);
    int namespaced = words.indexOf("-n");
    String namespace = namespaced < 0 ? "" : words.get(namespaced + 1);
    if (namespaced >= 0) {
      words.subList(namespaced, namespaced + 2).clear();
    }
    String verb = words.get(1);
    if (verb.equals("apply")) {
      install(words.get(3), command);
      return;
    }
    List<String> rest = new ArrayList<>(words.subList(2, words.size()));
    if (verb.equals("create")) {
      createSecret(namespace, rest, command);
      return;
    }
    if (rest.get(0).contains("/")) {
      String[] parts = rest.removeFirst().split("/", 2);
      rest.addAll(0, List.of(parts));
    }
    String kind = kind(rest.get(0));
    String name = rest.get(1);
    require(server.find(kind, namespace, name).isPresent(), "no object: " + command);
    switch (verb) {
      case "annotate" ->
          rest.subList(2, rest.size())
              .forEach(word -> mark("annotations", kind, namespace, name, word));
      case "label" ->
          rest.subList(2, rest.size()).forEach(word -> mark("labels", kind, namespace, name, word));
      case "patch" -> {
        require(rest.subList(2, 5).equals(List.of("--type", "merge", "-p")), command);
        JsonNode patch = read(rest.get(5));
        server.change(kind, namespace, name, o -> FakeObjects.merge(o, (ObjectNode) patch));
      }
      case "delete" -> server.delete(kind, namespace, name);
      case "edit" -> server.change(kind, namespace, name, editor);
      default -> throw new IllegalArgumentException(command);
    }
  }

  /** {@code kubectl apply -f -} with this for input. */
  public void apply(String yaml) {
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      ObjectNode object = JSON.valueToTree(document);
      switch (object.path("kind").asText()) {
        case "ClusterRole" -> roles.add(object);
        case "ClusterRoleBinding" -> bind(object);
        default -> server.put(object.toString());
      }
    }
  }

  private void bind(ObjectNode binding) {
    for (JsonNode subject : binding.path("subjects")) {
      String user =
          subject.path("kind").asText().equals("User")
              ? subject.path("name").asText()
              : "system:serviceaccount:%s:%s"
                  .formatted(subject.path("namespace").asText(), subject.path("name").asText());
      if (user.equals(server.caller())) {
        roles.stream()
            .filter(role -> role.at("/metadata/name").equals(binding.at("/roleRef/name")))
            .forEach(role -> role.path("rules").forEach(this::allow));
      }
    }
  }

  private void allow(JsonNode rule) {
    for (JsonNode verb : rule.path("verbs")) {
      for (JsonNode group : rule.path("apiGroups")) {
        for (JsonNode resource : rule.path("resources")) {
          server.allow(new FakeRule(verb.asText(), group.asText(), resource.asText()));
        }
      }
    }
  }

  /** Custom resource definitions, by where they are published. */
  private void install(String url, String command) {
    if (url.contains("/external-snapshotter/client/config/crd")) {
      server.with("snapshot.storage.k8s.io");
    } else if (url.endsWith(
        "/client/config/crd/cbt.storage.k8s.io_snapshotmetadataservices.yaml")) {
      server.with("cbt.storage.k8s.io");
    } else {
      throw new IllegalArgumentException(command);
    }
  }

  private void mark(String field, String kind, String namespace, String name, String word) {
    server.change(
        kind,
        namespace,
        name,
        object -> {
          ObjectNode annotations = object.withObject("/metadata/" + field);
          if (word.endsWith("-")) {
            annotations.remove(word.substring(0, word.length() - 1));
          } else if (!word.equals("--overwrite")) {
            String[] pair = word.split("=", 2);
            annotations.put(pair[0], pair[1]);
          }
        });
  }

  /** {@code create secret generic NAME --from-literal=KEY=VALUE}; of a file there is no content. */
  private void createSecret(String namespace, List<String> words, String command) {
    require(words.subList(0, 2).equals(List.of("secret", "generic")), command);
    require(server.find("Secret", namespace, words.get(2)).isEmpty(), "there is one: " + command);
    Matcher source = FROM.matcher(words.get(3));
    require(source.matches(), command);
    ObjectNode secret = JSON.createObjectNode();
    secret.put("apiVersion", "v1").put("kind", "Secret");
    secret.putObject("metadata").put("namespace", namespace).put("name", words.get(2));
    byte[] value = source.group(2).getBytes(StandardCharsets.UTF_8);
    secret.putObject("data").put(source.group(1), Base64.getEncoder().encodeToString(value));
    server.put(secret.toString());
  }

  private static String kind(String word) {
    return FakeKind.ALL.stream()
        .map(FakeKind::kind)
        .filter(kind -> kind.toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind " + word));
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      words.add(unquoted(matcher.group()));
    }
    return words;
  }

  private static String unquoted(String word) {
    StringBuilder text = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else if (c == '\\' && quote == '"') {
        text.append(word.charAt(++i));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static void require(boolean understood, String command) {
    if (!understood) {
      throw new IllegalArgumentException(command);
    }
  }
}
