package io.blockmover.velero.settings;

import io.blockmover.velero.location.Domain;
import io.blockmover.velero.location.LocationSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads settings, and stops at the first thing that is not as it should be. */
public final class SettingsParser {

  private static final int MAX_CHARACTERS = 1 << 20;

  private SettingsParser() {}

  /**
   * Reads a file's text.
   *
   * @param file what to call it in messages
   * @throws BadSettings with what is wrong, and where
   */
  public static BridgeSettings parse(String yaml, String file) throws BadSettings {
    YamlSection top = YamlSection.of(file, load(yaml, file));
    BridgeSettings usual = BridgeSettings.STANDARD;
    top.allowOnly(
        "dataMover",
        "dedupDomain",
        "passwordSecret",
        "passwordKey",
        "prepareTimeout",
        "podRestarts",
        "exposeAs",
        "ignoreDelayBinding",
        "concurrency",
        "pods");
    return new BridgeSettings(
        top.text("dataMover", usual.dataMover()),
        domain(file, top.text("dedupDomain", "repository")),
        locations(file, top),
        top.duration("prepareTimeout", usual.prepareTimeout()),
        top.count("podRestarts", usual.podRestarts(), 0),
        top.texts("exposeAs"),
        top.flag("ignoreDelayBinding", usual.ignoreDelayBinding()),
        concurrency(top.section("concurrency")),
        pods(top.section("pods")));
  }

  private static Object load(String yaml, String file) throws BadSettings {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setCodePointLimit(MAX_CHARACTERS)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      Object found = new Load(settings).loadFromString(yaml);
      return found == null ? Map.of() : found;
    } catch (YamlEngineException e) {
      throw new BadSettings(file + ": " + e.getMessage());
    }
  }

  private static Domain.Scope domain(String file, String text) throws BadSettings {
    for (Domain.Scope scope : Domain.Scope.values()) {
      if (scope.name().toLowerCase(Locale.ROOT).equals(text)) {
        return scope;
      }
    }
    throw new BadSettings(
        file + ".dedupDomain must be repository, namespace or volume, not '" + text + "'");
  }

  private static LocationSettings locations(String file, YamlSection top) throws BadSettings {
    LocationSettings usual = BridgeSettings.STANDARD.locations();
    String secret = top.text("passwordSecret", usual.passwordSecret());
    String key = top.text("passwordKey", usual.passwordKey());
    if (secret.isBlank() || key.isBlank()) {
      throw new BadSettings(
          file + ".passwordSecret and .passwordKey must name where the repository's password is");
    }
    return new LocationSettings(secret, key);
  }

  private static Concurrency concurrency(YamlSection section) throws BadSettings {
    section.allowOnly("total", "perNode", "perStorageClass", "smallBytes", "overtakes");
    Concurrency usual = Concurrency.STANDARD;
    return new Concurrency(
        section.count("total", usual.total(), 1),
        section.count("perNode", usual.perNode(), 1),
        section.counts("perStorageClass"),
        section.bytes("smallBytes", usual.smallBytes()),
        section.count("overtakes", usual.overtakes(), 0));
  }

  private static PodSettings pods(YamlSection section) throws BadSettings {
    section.allowOnly(
        "resources",
        "nodeSelector",
        "affinity",
        "tolerations",
        "priorityClass",
        "labels",
        "annotations",
        "environment",
        "arguments",
        "perStorageClass");
    List<Map<String, Object>> tolerations = new ArrayList<>();
    for (Object each : section.list("tolerations")) {
      Map<String, Object> fields = new LinkedHashMap<>();
      if (each instanceof Map<?, ?> map) {
        map.forEach((name, value) -> fields.put(String.valueOf(name), value));
      }
      tolerations.add(fields);
    }
    return new PodSettings(
        section.tree("resources"),
        section.texts("nodeSelector"),
        section.tree("affinity"),
        tolerations,
        section.text("priorityClass", ""),
        section.texts("labels"),
        section.texts("annotations"),
        section.texts("environment"),
        section.list("arguments").stream().map(String::valueOf).toList(),
        section.trees("perStorageClass"));
  }
}
