package io.blockmover.velero.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.kubernetes.ClusterObject;
import io.blockmover.velero.settings.Concurrency;
import io.blockmover.velero.transfer.Transfer;
import io.blockmover.velero.transfer.TransferKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransferQueueTest {

  private static final long LARGE = 1L << 40;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Concurrency limits = new Concurrency(2, 8, Map.of(), 1L << 30, 2);
  private int nodes = 4;
  private final List<String> woken = new ArrayList<>();
  private final TransferQueue queue =
      new TransferQueue(() -> limits, () -> nodes, () -> now, key -> woken.add(key.name().name()));

  private static Transfer transfer(TransferKind kind, int number, Map<String, Object> status) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    ObjectMeta metadata = new ObjectMeta();
    metadata.setNamespace("velero");
    metadata.setName(name(number));
    metadata.setUid("uid-" + kind + number);
    metadata.setCreationTimestamp(Instant.EPOCH.plusSeconds(number).toString());
    object.setMetadata(metadata);
    object.setAdditionalProperty("status", status);
    return new Transfer(kind, new ClusterObject(object));
  }

  private static String name(int number) {
    return "t" + number;
  }

  private static Transfer upload(int number) {
    return transfer(TransferKind.UPLOAD, number, Map.of());
  }

  private Optional<String> ask(int number, long bytes) {
    return ask(number, "fast", bytes);
  }

  private Optional<String> ask(int number, String storageClass, long bytes) {
    return queue.ask(upload(number), new Admission.Volume("volume-" + number, storageClass, bytes));
  }

  private void leave(int number) {
    queue.leave(upload(number).uid());
  }

  @Test
  void asManyBeginAsTheLimitAllowsAndTheOthersAreToldTheirPlace() {
    assertThat(ask(1, LARGE)).isEmpty();
    assertThat(ask(2, LARGE)).isEmpty();
    assertThat(ask(3, LARGE)).contains("queued: 1st of 1, limit 2 in all");
    assertThat(ask(4, LARGE)).contains("queued: 2nd of 2, limit 2 in all");
    assertThat(ask(1, LARGE)).as("asked again, it keeps its place").isEmpty();
  }

  @Test
  void theOldestIsWokenWhenOneLeaves() {
    for (int i = 1; i <= 4; i++) {
      ask(i, LARGE);
    }
    woken.clear();
    leave(2);
    assertThat(woken).containsExactly("t3");
    assertThat(ask(3, LARGE)).isEmpty();
    assertThat(ask(4, LARGE)).isPresent();
  }

  @Test
  void whatAnEarlierControllerBeganCounts() {
    queue.observe(
        transfer(
            TransferKind.UPLOAD,
            1,
            Map.of("phase", "Accepted", "acceptedTimestamp", "2026-01-01T00:00:00Z")));
    assertThat(ask(2, LARGE)).isEmpty();
    assertThat(ask(3, LARGE)).isPresent();
    queue.observe(transfer(TransferKind.UPLOAD, 1, Map.of("phase", "Completed")));
    assertThat(ask(3, LARGE)).isEmpty();
  }

  @Test
  void fewNodesAllowFewerThanTheTotal() {
    limits = new Concurrency(8, 1, Map.of(), 1, 0);
    nodes = 1;
    assertThat(ask(1, LARGE)).isEmpty();
    assertThat(ask(2, LARGE)).contains("queued: 1st of 1, limit 1 in all");
    nodes = 2;
    queue.refresh();
    assertThat(ask(2, LARGE)).isEmpty();
  }

  @Test
  void aStorageClassThatIsFullHoldsUpNobodyElse() {
    limits = new Concurrency(4, 8, Map.of("slow", 1), 1, 0);
    assertThat(ask(1, "slow", LARGE)).isEmpty();
    assertThat(ask(2, "slow", LARGE)).contains("queued: 1st of 1, limit 1 for storage class slow");
    assertThat(ask(3, "fast", LARGE)).isEmpty();
    leave(1);
    assertThat(ask(2, "slow", LARGE)).isEmpty();
  }

  @Test
  void ofOneVolumeOneIsAtWork() {
    Admission.Volume volume = new Admission.Volume("same", "", LARGE);
    assertThat(queue.ask(upload(1), volume)).isEmpty();
    assertThat(queue.ask(upload(2), volume))
        .hasValueSatisfying(text -> assertThat(text).contains("same volume"));
    leave(1);
    assertThat(queue.ask(upload(2), volume)).isEmpty();
  }

  @Test
  void smallOnesOvertakeALargeOneOnlySoOften() {
    limits = new Concurrency(1, 8, Map.of(), 1L << 30, 2);
    ask(1, LARGE);
    ask(2, LARGE);
    for (int i = 3; i <= 6; i++) {
      ask(i, 1000);
    }
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      woken.clear();
      queue.leave(i == 0 ? upload(1).uid() : "uid-UPLOAD" + order.getLast().substring(1));
      order.add(woken.getFirst());
    }
    assertThat(order).containsExactly("t3", "t4", "t2", "t5", "t6");
  }

  @Test
  void restoresGoBeforeBackups() {
    ask(1, LARGE);
    ask(2, LARGE);
    ask(3, LARGE);
    queue.ask(transfer(TransferKind.DOWNLOAD, 9, Map.of()));
    woken.clear();
    leave(1);
    assertThat(woken).containsExactly("t9");
  }

  @Test
  void aPlaceIsShownAnewOnlyNowAndThen() {
    limits = new Concurrency(1, 8, Map.of(), 1, 0);
    for (int i = 1; i <= 40; i++) {
      ask(i, LARGE);
    }
    String first = ask(40, LARGE).orElseThrow();
    leave(1);
    leave(2);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(ask(40, LARGE)).as("far from the front").contains(first);
    for (int i = 3; i <= 22; i++) {
      leave(i);
    }
    now = now.plus(Duration.ofMinutes(1));
    woken.clear();
    queue.refresh();
    assertThat(woken).contains("t40");
    assertThat(ask(40, LARGE)).contains("queued: 17th of 17, limit 1 in all");
  }

  @Test
  void fiveHundredCostNoWriteButTheirFirst() {
    limits = new Concurrency(1, 8, Map.of(), 1, 0);
    for (int i = 1; i <= 500; i++) {
      Transfer upload = upload(i);
      queue.ask(upload, new Admission.Volume("v" + i, "", LARGE));
    }
    now = now.plus(Duration.ofMinutes(5));
    woken.clear();
    for (int i = 0; i < 10; i++) {
      queue.refresh();
    }
    assertThat(woken).isEmpty();
  }

  @Test
  void ordinalsAreEnglish() {
    assertThat(List.of(1, 2, 3, 4, 11, 12, 13, 21, 111, 122).stream().map(TransferQueue::ordinal))
        .containsExactly(
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th", "122nd");
  }
}
