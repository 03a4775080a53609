package io.blockmover.engine.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping of a YAML file, whose every member knows where it stands. */
final class YamlMap {

  private final String file;
  private final Node node;
  private final Map<String, Node> members = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();

  private YamlMap(String file, Node node) {
    this.file = file;
    this.node = node;
  }

  /**
   * @param what it is, for messages
   * @throws BadRules if it is none, or names a member twice
   */
  static YamlMap of(String file, Node node, String what) throws BadRules {
    if (!(node instanceof MappingNode mapping)) {
      throw error(file, node, what + " must be a mapping");
    }
    YamlMap map = new YamlMap(file, node);
    for (NodeTuple tuple : mapping.getValue()) {
      String key = scalar(file, tuple.getKeyNode(), "a name");
      map.keys.put(key, tuple.getKeyNode());
      if (map.members.put(key, tuple.getValueNode()) != null) {
        throw error(file, tuple.getKeyNode(), "'" + key + "' is given twice");
      }
    }
    return map;
  }

  /** Refuses members that nobody reads. */
  void allowOnly(String... names) throws BadRules {
    for (Map.Entry<String, Node> key : keys.entrySet()) {
      if (!List.of(names).contains(key.getKey())) {
        throw error(
            file,
            key.getValue(),
            "'" + key.getKey() + "' is not known here; known are " + String.join(", ", names));
      }
    }
  }

  Iterable<String> names() {
    return members.keySet();
  }

  @Nullable Node find(String name) {
    return members.get(name);
  }

  /** A member that must be there. */
  Node load(String name) throws BadRules {
    Node found = members.get(name);
    if (found == null) {
      throw error(file, node, "'" + name + "' is missing");
    }
    return found;
  }

  /** The text of a member; {@code otherwise} if it is not there. */
  String text(String name, String otherwise) throws BadRules {
    Node found = members.get(name);
    return found == null ? otherwise : scalar(file, found, name);
  }

  /** One text or a list of them; empty if the member is not there. */
  List<String> texts(String name) throws BadRules {
    Node found = members.get(name);
    List<String> texts = new ArrayList<>();
    if (found instanceof SequenceNode) {
      for (Node item : items(file, found, name)) {
        texts.add(scalar(file, item, "an item of " + name));
      }
    } else if (found != null) {
      texts.add(scalar(file, found, name));
    }
    return texts;
  }

  static List<Node> items(String file, Node node, String what) throws BadRules {
    if (!(node instanceof SequenceNode sequence)) {
      throw error(file, node, what + " must be a list");
    }
    return sequence.getValue();
  }

  static String scalar(String file, Node node, String what) throws BadRules {
    if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
      throw error(file, node, what + " must be a word");
    }
    return scalar.getValue();
  }

  static BadRules error(String file, Node node, String problem) {
    return error(file, node.getStartMark(), problem);
  }

  static BadRules error(String file, Optional<Mark> mark, String problem) {
    return new BadRules(
        file,
        mark.map(Mark::getLine).orElse(0) + 1,
        mark.map(Mark::getColumn).orElse(0) + 1,
        problem);
  }
}
