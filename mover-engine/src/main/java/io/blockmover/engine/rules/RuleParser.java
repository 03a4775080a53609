package io.blockmover.engine.rules;

import io.blockmover.engine.backup.TrackingOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a rules file, and stops at the first thing that is not as it should be. */
final class RuleParser {

  private static final int MAX_CHARACTERS = 1 << 20;

  private final String file;
  private final Set<String> trackers;

  RuleParser(String file, Set<String> trackers) {
    this.file = file;
    this.trackers = new TreeSet<>(trackers);
  }

  List<Rule> parse(String yaml) throws BadRules {
    Node root = compose(yaml);
    YamlMap top = YamlMap.of(file, root, "the file");
    top.allowOnly("rules");
    List<Rule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Node item : YamlMap.items(file, top.load("rules"), "rules")) {
      YamlMap rule = YamlMap.of(file, item, "a rule");
      String name = YamlMap.scalar(file, rule.load("name"), "name");
      if (!names.add(name)) {
        throw YamlMap.error(file, rule.load("name"), "there are two rules " + name);
      }
      rules.add(rule(name, rule));
    }
    return rules;
  }

  Rule parseRule(String yaml) throws BadRules {
    YamlMap rule = YamlMap.of(file, compose(yaml), "a rule");
    return rule(YamlMap.scalar(file, rule.load("name"), "name"), rule);
  }

  private Node compose(String yaml) throws BadRules {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setCodePointLimit(MAX_CHARACTERS)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      return new Compose(settings)
          .composeString(yaml)
          .orElseThrow(() -> new BadRules(file, 1, 1, "the file is empty"));
    } catch (MarkedYamlEngineException e) {
      throw YamlMap.error(file, e.getProblemMark(), e.getProblem());
    } catch (YamlEngineException e) {
      throw new BadRules(file, 1, 1, String.valueOf(e.getMessage()));
    }
  }

  private Rule rule(String name, YamlMap rule) throws BadRules {
    rule.allowOnly(
        "name",
        "match",
        "trackers",
        "minimumSize",
        "changedRatio",
        "samplingRate",
        "baseSnapshots",
        "deepestClone");
    Node match = rule.find("match");
    TrackingOptions usual = TrackingOptions.STANDARD;
    return new Rule(
        name,
        match == null ? RuleMatch.ALL : match(YamlMap.of(file, match, "match")),
        trackers(rule),
        new TrackingOptions(
            size(rule, "minimumSize", usual.minimumBytes()),
            ratio(rule, "changedRatio", usual.changedRatio()),
            ratio(rule, "samplingRate", usual.samplingRate()),
            Set.of()),
        retention(rule),
        depth(rule));
  }

  private int depth(YamlMap rule) throws BadRules {
    @Nullable Node node = rule.find("deepestClone");
    if (node == null) {
      return RuleDecision.ANY_DEPTH;
    }
    String text = YamlMap.scalar(file, node, "deepestClone");
    if (!text.matches("\\d{1,4}")) {
      throw YamlMap.error(
          file, node, "deepestClone must be a number such as 2, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private RuleMatch match(YamlMap match) throws BadRules {
    match.allowOnly("storageClass", "driver", "namespace", "labels", "minSize", "maxSize");
    Map<String, List<String>> labels = new LinkedHashMap<>();
    Node wanted = match.find("labels");
    if (wanted != null) {
      YamlMap map = YamlMap.of(file, wanted, "labels");
      for (String name : map.names()) {
        labels.put(name, map.texts(name));
      }
    }
    return new RuleMatch(
        match.texts("storageClass"),
        match.texts("driver"),
        match.texts("namespace"),
        labels,
        size(match, "minSize", 0),
        size(match, "maxSize", Long.MAX_VALUE));
  }

  private List<String> trackers(YamlMap rule) throws BadRules {
    List<String> names = new ArrayList<>();
    for (Node item : YamlMap.items(file, rule.load("trackers"), "trackers")) {
      String name = YamlMap.scalar(file, item, "a tracker");
      if (!trackers.contains(name)) {
        throw YamlMap.error(
            file,
            item,
            "there is no tracker '" + name + "'; there are " + String.join(", ", trackers));
      }
      if (names.contains(name)) {
        throw YamlMap.error(file, item, "tracker " + name + " is given twice");
      }
      names.add(name);
    }
    if (names.isEmpty()) {
      throw YamlMap.error(file, rule.load("trackers"), "trackers must name at least one");
    }
    return names;
  }

  private long size(YamlMap map, String name, long otherwise) throws BadRules {
    @Nullable Node node = map.find(name);
    if (node == null) {
      return otherwise;
    }
    String text = YamlMap.scalar(file, node, name);
    OptionalLong bytes = Quantity.parse(text);
    if (bytes.isEmpty()) {
      throw YamlMap.error(file, node, name + " must be a size such as 10Gi, not '" + text + "'");
    }
    return bytes.getAsLong();
  }

  private double ratio(YamlMap map, String name, double otherwise) throws BadRules {
    @Nullable Node node = map.find(name);
    if (node == null) {
      return otherwise;
    }
    String text = YamlMap.scalar(file, node, name);
    Optional<Double> value = number(text);
    if (value.isEmpty() || !(value.get() >= 0 && value.get() <= 1)) {
      throw YamlMap.error(file, node, name + " must be from 0 to 1, not '" + text + "'");
    }
    return value.get();
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private BaseRetention retention(YamlMap rule) throws BadRules {
    String text = rule.text("baseSnapshots", "where-needed");
    for (BaseRetention retention : BaseRetention.values()) {
      if (retention.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return retention;
      }
    }
    throw YamlMap.error(
        file,
        rule.load("baseSnapshots"),
        "baseSnapshots must be where-needed, always or never, not '" + text + "'");
  }
}
