package io.blockmover.engine.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.blockmover.engine.backup.TrackingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleSetTest {

  private static final Set<String> TRACKERS = Set.of("full-scan", "csi");

  private static RuleSet parse(String yaml) throws BadRules {
    return RuleSet.parse(yaml, "rules.yaml", TRACKERS);
  }

  private static VolumeFacts volume(String namespace, long gib) {
    return new VolumeFacts("fast", "csi.x", namespace, Map.of("app", "db"), gib << 30);
  }

  @Test
  void theFirstRuleThatMatchesApplies() throws Exception {
    RuleSet rules =
        parse(
            """
            rules:
              - name: shop
                match: {namespace: [shop, "prod-*"], minSize: 5Gi, labels: {app: db}}
                trackers: [csi, full-scan]
                minimumSize: 10Gi
                changedRatio: 0.3
                samplingRate: 0.01
                baseSnapshots: never
                deepestClone: 2
              - name: rest
                trackers: [full-scan]
            """);
    RuleDecision shop = rules.decide(volume("prod-eu", 20));
    assertThat(shop.rule()).isEqualTo("shop");
    assertThat(shop.trackers()).containsExactly("csi", "full-scan");
    assertThat(shop.options()).isEqualTo(new TrackingOptions(10L << 30, 0.3, 0.01, Set.of()));
    assertThat(shop.baseRetention()).isEqualTo(BaseRetention.NEVER);
    assertThat(shop.deepestClone()).isEqualTo(2);
    assertThat(shop.why()).containsExactly("rule shop applies");
    RuleDecision other = rules.decide(volume("test", 20));
    assertThat(other.rule()).isEqualTo("rest");
    assertThat(other.options()).isEqualTo(TrackingOptions.STANDARD);
    assertThat(other.why())
        .containsExactly(
            "rule shop does not apply: its namespace is test, not shop or prod-*",
            "rule rest applies");
    assertThat(rules.decide(volume("shop", 4)).rule()).isEqualTo("rest");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: shop, trackers: [csi, full-scan], minimumSize: 10Gi, changedRatio: 0.3,"
            + " samplingRate: 0.00001, baseSnapshots: never, deepestClone: 0}",
        "{name: 'a \"b\" \\ {c}: #d', trackers: [full-scan], baseSnapshots: always}"
      })
  void aDecisionIsARuleThatDecidesTheSame(String yaml) throws Exception {
    RuleDecision first = RuleSet.parseRule(yaml, "--rule", TRACKERS).decide(volume("shop", 20));
    String line = first.asRule(List.of("csi", "full-scan"));
    assertThat(RuleSet.parseRule(line, "--rule", TRACKERS).decide(volume("test", 1)))
        .isEqualTo(first);
  }

  @Test
  void noRuleIsOneThatAsksAllAsUsual() throws Exception {
    String line = RuleSet.EMPTY.decide(volume("shop", 20)).asRule(List.of("csi", "full-scan"));
    RuleDecision read = RuleSet.parseRule(line, "--rule", TRACKERS).decide(volume("shop", 20));
    assertThat(read.trackers()).containsExactly("csi", "full-scan");
    assertThat(read.options()).isEqualTo(TrackingOptions.STANDARD);
    assertThat(read.baseRetention()).isEqualTo(BaseRetention.WHERE_NEEDED);
  }

  @ParameterizedTest
  @CsvSource({
    "storageClass: fast, true",
    "storageClass: slow, false",
    "driver: 'csi.*', true",
    "driver: 'csi', false",
    "namespace: '*', true",
    "labels: {app: 'd*'}, true",
    "labels: {tier: '*'}, false",
    "minSize: 20Gi, true",
    "minSize: 20.5Gi, false",
    "maxSize: 19Gi, false",
    "maxSize: 22G, true"
  })
  void eachConditionMustHold(String condition, boolean matches) throws Exception {
    RuleSet rules =
        parse("rules:\n- name: one\n  match:\n    " + condition + "\n  trackers: [full-scan]\n");
    assertThat(rules.decide(volume("shop", 20)).rule()).isEqualTo(matches ? "one" : "");
  }

  @Test
  void whatIsNotKnownDoesNotMatch() throws Exception {
    RuleSet rules = parse("rules: [{name: a, match: {namespace: '*'}, trackers: [csi]}]");
    RuleDecision decision = rules.decide(new VolumeFacts("", "device", "", Map.of(), 1L << 30));
    assertThat(decision.rule()).isEmpty();
    assertThat(decision.trackers()).isEmpty();
    assertThat(decision.why())
        .containsExactly(
            "rule a does not apply: its namespace is not known, and must be *",
            "no rule applies, so all trackers are asked, with the default options");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules: [{name: a, trackers: [rbd]}]|1:30: there is no tracker 'rbd'",
        "rules: [{name: a, trackers: [csi, csi]}]|1:35: tracker csi is given twice",
        "rules: [{name: a, trackers: []}]|1:29: trackers must name at least one",
        "rules: [{name: a}]|1:9: 'trackers' is missing",
        "rules: [{trackers: [csi]}]|1:9: 'name' is missing",
        "rules: [{name: a, tracker: [csi]}]|1:19: 'tracker' is not known here",
        "rules: [{name: a, trackers: csi}]|1:29: trackers must be a list",
        "rules: [{name: a, trackers: [csi], changedRatio: 1.5}]|1:50: changedRatio must be from 0",
        "rules: [{name: a, trackers: [csi], samplingRate: NaN}]|1:50: samplingRate must be from 0",
        "rules: [{name: a, trackers: [csi], minimumSize: 10Qi}]|1:49: minimumSize must be a size",
        "rules: [{name: a, trackers: [csi], minimumSize: 9999999Pi}]|1:49: minimumSize must be",
        "rules: [{name: a, trackers: [csi], baseSnapshots: no}]|1:51: baseSnapshots must be",
        "rules: [{name: a, trackers: [csi], deepestClone: -1}]|1:50: deepestClone must be a number",
        "rules: [{name: a, trackers: [csi], match: {size: 1}}]|1:44: 'size' is not known here",
        "rules: [{name: a, name: b, trackers: [csi]}]|1:19: 'name' is given twice",
        "rules: [{name: a, trackers: [csi]}, {name: a, trackers: [csi]}]|1:44: there are two rules",
        "rules: {a: b}|1:8: rules must be a list",
        "[]|1:1: the file must be a mapping",
        "rules: [|1:9: "
      })
  void whatIsWrongIsRefusedWithLineAndColumn(String yaml, String message) {
    assertThatExceptionOfType(BadRules.class)
        .isThrownBy(() -> parse(yaml))
        .withMessageStartingWith("rules.yaml:" + message);
  }

  @Test
  void aMistakeFurtherDownIsNamedByItsLine() {
    assertThatExceptionOfType(BadRules.class)
        .isThrownBy(() -> parse("rules:\n- name: a\n  trackers: [csi]\n  changedRatio: much\n"))
        .satisfies(e -> assertThat(e.line()).isEqualTo(4))
        .satisfies(e -> assertThat(e.column()).isEqualTo(17));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "rules: &a [*a]\n", "rules: *b\n", "\u0000"})
  void whatIsNoRulesFileIsRefused(String yaml) {
    assertThatExceptionOfType(BadRules.class).isThrownBy(() -> parse(yaml));
  }

  @Test
  void theSampleInTheDocumentsIsGood() throws Exception {
    String sample = Files.readString(Path.of("../docs/rules.yaml"));
    Set<String> trackers = Set.of("full-scan", "csi-snapshot-metadata", "ceph-rbd");
    RuleSet rules = RuleSet.parse(sample, "docs/rules.yaml", trackers);
    assertThat(rules.size()).isEqualTo(3);
    RuleDecision usual = rules.decide(volume("anywhere", 20));
    assertThat(usual.options().minimumBytes()).as("small volumes").isPositive();
    assertThat(usual.options().changedRatio()).as("more than half changed").isEqualTo(0.5);
    assertThat(usual.deepestClone()).as("deep chains of clones").isEqualTo(2);
  }
}
