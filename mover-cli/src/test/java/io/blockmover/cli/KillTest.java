package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes, really killed, in every phase of their work. {@code -Dkills=200} for more of
 * them, {@code -Dkill.seed=…} to see the same ones again, {@code -Dkill.command=repack} for the
 * phases of one command.
 */
@Tag("slow")
final class KillTest {

  private static final int KILLS = Integer.getInteger("kills", 6);
  private static final String COMMAND = System.getProperty("kill.command", "");
  private static final int KILLS_PER_REPOSITORY = 8;
  private static final String PASSWORD = "kill test";
  private static final int VOLUME_BYTES = 44 << 20;
  private static final Pattern RESUMED = Pattern.compile("\"resumedBytes\" ?: ?(\\d+)");
  private static final Pattern ID = Pattern.compile("\"id\" ?: ?\"([0-9a-f]{32})\"");

  private final long seed = Long.getLong("kill.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<KillPhase, Integer> hits = new EnumMap<>(KillPhase.class);

  /** What the repository must hold: a copy of the volume by the backup's id. */
  private final Map<String, Path> backups = new LinkedHashMap<>();

  @TempDir private Path work;
  private Path repository;
  private Path volume;
  private Path errors;
  private int files;
  private int resumptions;
  private int backupMillis = 3000;

  @BeforeEach
  void say() {
    System.out.println("KillTest: -Dkills=" + KILLS + " -Dkill.seed=" + seed);
  }

  @Test
  void whereverAProcessIsKilledEveryBackupRestoresAndTheNextRunSucceeds() throws Exception {
    errors = work.resolve("errors");
    List<KillPhase> order = new ArrayList<>();
    while (order.size() < KILLS) {
      List<KillPhase> all = new ArrayList<>(List.of(KillPhase.values()));
      all.removeIf(phase -> !COMMAND.isEmpty() && !phase.command().equals(COMMAND));
      Collections.shuffle(all, random);
      order.addAll(all.subList(0, Math.min(all.size(), KILLS - order.size())));
    }
    for (int i = 0; i < KILLS; i++) {
      if (i % KILLS_PER_REPOSITORY == 0) {
        startAnew();
      }
      KillPhase phase = order.get(i);
      boolean killed = false;
      for (int attempt = 0; attempt < 3 && !killed; attempt++) {
        killed =
            switch (phase.command()) {
              case "restore" -> killRestore(phase);
              case "forget" -> killForget(phase);
              case "gc" -> killCollection(phase);
              case "repack" -> killRepack(phase);
              default -> killBackup(phase);
            };
      }
      if (killed) {
        hits.merge(phase, 1, Integer::sum);
      }
    }
    System.out.println("KillTest: " + hits + ", resumed " + resumptions);
    for (KillPhase phase : order) {
      assertThat(hits.getOrDefault(phase, 0))
          .as("how often %s was hit", phase)
          .isEqualTo(Collections.frequency(order, phase));
    }
  }

  private boolean killBackup(KillPhase phase) throws Exception {
    change(20 + random.nextInt(20));
    Set<Path> before = journals();
    boolean killed = kill(phase, backupArguments());
    String news = unknownBackup();
    boolean resumable = killed && news == null && !before.containsAll(journals());
    if (killed && phase == KillPhase.JOURNAL_PUT) {
      assertThat(resumable).as("a journal is there").isTrue();
    }
    if (killed && phase != KillPhase.ANY_TIME) {
      assertThat(news != null)
          .as("committed, killed when %s", phase)
          .isEqualTo(phase.hasTakenEffect());
    }
    if (news != null) {
      backups.put(news, copy());
    }
    requireAllIsWell(phase);
    if (random.nextBoolean()) {
      change(1); // what the killed run has left must not be taken for what is there now
    }
    long resumed = backUp();
    if (resumable) {
      assertThat(resumed).as("bytes not sent again, killed when %s", phase).isPositive();
      resumptions++;
    }
    return killed;
  }

  private boolean killRestore(KillPhase phase) throws Exception {
    String id = anyBackup();
    Path target = work.resolve("target-" + files++);
    boolean killed = kill(phase, "restore", "-q", id, target.toString());
    requireAllIsWell(phase);
    mover("restore", "-q", "--force", id, target.toString());
    requireSame(backups.get(id), target);
    Files.delete(target);
    return killed;
  }

  private boolean killForget(KillPhase phase) throws Exception {
    String id = anyBackup();
    boolean killed = kill(phase, "forget", "-q", id);
    boolean gone = !listed().contains(id);
    if (killed) {
      assertThat(gone).as("forgotten, killed when %s", phase).isEqualTo(phase.hasTakenEffect());
    }
    if (gone) {
      Files.delete(backups.remove(id));
    }
    requireAllIsWell(phase);
    backUp();
    return killed;
  }

  private boolean killCollection(KillPhase phase) throws Exception {
    change(24);
    backUp();
    String id = anyBackup();
    mover("forget", "-q", id);
    Files.delete(backups.remove(id));
    boolean killed = kill(phase, "gc", "-q");
    requireAllIsWell(phase);
    mover("gc", "-q");
    requireAllIsWell(phase);
    return killed;
  }

  /** A volume of which little stayed as it was, and the packs of what it was before. */
  private boolean killRepack(KillPhase phase) throws Exception {
    change(24);
    backUp();
    for (String id : List.copyOf(backups.keySet()).subList(0, backups.size() - 1)) {
      mover("forget", "-q", id);
      Files.delete(backups.remove(id));
    }
    mover("gc", "-q", "--max-unused", "unlimited");
    boolean killed = kill(phase, "gc", "-q", "--max-unused", "0%");
    requireAllIsWell(phase);
    mover("gc", "-q", "--max-unused", "0%");
    requireAllIsWell(phase);
    backUp();
    return killed;
  }

  /** Runs a command that is killed; true if it was, and not done before. */
  private boolean kill(KillPhase phase, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--repo", "pausing://" + repository));
    KilledChild child = new KilledChild(phase.draw(random), PASSWORD, errors, all);
    return phase == KillPhase.ANY_TIME
        ? child.kill(random.nextInt(backupMillis))
        : child.killAtPoint(random.nextInt(30));
  }

  private String unknownBackup() {
    TreeSet<String> found = listed();
    found.removeAll(backups.keySet());
    assertThat(found).as("backups that nobody has made").hasSizeLessThanOrEqualTo(1);
    return found.isEmpty() ? null : found.first();
  }

  /** Every backup is listed, whole, and what was backed up. */
  private void requireAllIsWell(KillPhase phase) throws Exception {
    assertThat(listed())
        .as("backups after a kill when %s", phase)
        .isEqualTo(new TreeSet<>(backups.keySet()));
    mover("verify", "-q", "--level", "data");
    String id = anyBackup();
    Path target = work.resolve("target-" + files++);
    mover("restore", "-q", id, target.toString());
    requireSame(backups.get(id), target);
    Files.delete(target);
  }

  private void requireSame(Path expected, Path actual) throws IOException {
    assertThat(Files.mismatch(expected, actual)).as("first byte that differs").isEqualTo(-1);
  }

  private String anyBackup() {
    List<String> ids = List.copyOf(backups.keySet());
    return ids.get(random.nextInt(ids.size()));
  }

  private void startAnew() throws Exception {
    for (Path copy : backups.values()) {
      Files.delete(copy);
    }
    backups.clear();
    if (repository != null) {
      deleteTree(repository);
    }
    repository = work.resolve("repository-" + files++);
    mover("init");
    volume = work.resolve("volume");
    try (RandomAccessFile file = new RandomAccessFile(volume.toFile(), "rw")) {
      file.setLength(VOLUME_BYTES);
    }
    change(24);
    backUp();
    backUp();
  }

  private static void deleteTree(Path root) throws IOException {
    try (var paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A backup that nobody kills; returns how much it had not to send because it was resumed. */
  private long backUp() throws Exception {
    long start = System.nanoTime();
    Matcher resumed = RESUMED.matcher(mover(backupArguments()));
    assertThat(resumed.find()).as("says what was resumed").isTrue();
    backupMillis = (int) ((System.nanoTime() - start) / 1_000_000) + 800;
    String id = unknownBackup();
    assertThat(id).as("the new backup").isNotNull();
    backups.put(id, copy());
    Path target = work.resolve("target-" + files++);
    mover("restore", "-q", "v@latest", target.toString());
    requireSame(volume, target);
    Files.delete(target);
    return Long.parseLong(resumed.group(1));
  }

  private String[] backupArguments() {
    return new String[] {
      "backup",
      "--json",
      "--volume",
      "v",
      "--memory",
      "small",
      "--journal-every",
      "1M",
      volume.toString()
    };
  }

  /** Of all sessions, those of killed ones that had done their work included. */
  private Set<Path> journals() throws IOException {
    Path sessions = repository.resolve("w");
    if (!Files.isDirectory(sessions)) {
      return Set.of();
    }
    try (var files = Files.walk(sessions)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("j-"))
          .collect(Collectors.toSet());
    }
  }

  private Path copy() throws IOException {
    return Files.copy(volume, work.resolve("copy-" + files++));
  }

  /** Overwrites so many MiB at random places, with random bytes or zeros. */
  private void change(int mib) throws IOException {
    byte[] bytes = new byte[1 << 20];
    try (RandomAccessFile file = new RandomAccessFile(volume.toFile(), "rw")) {
      for (int i = 0; i < mib; i++) {
        if (random.nextInt(8) == 0) {
          Arrays.fill(bytes, (byte) 0);
        } else {
          random.nextBytes(bytes);
        }
        file.seek(random.nextInt((VOLUME_BYTES - bytes.length) / 4096) * 4096L);
        file.write(bytes);
      }
    }
  }

  private TreeSet<String> listed() {
    TreeSet<String> ids = new TreeSet<>();
    Matcher matcher = ID.matcher(mover("list", "--json"));
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids;
  }

  private String mover(String... arguments) {
    MoverRun run =
        new MoverRun()
            .variable("MOVER_PASSWORD", PASSWORD)
            .variable("MOVER_REPO", "file://" + repository);
    MoverRun.Outcome outcome = run.run(arguments);
    assertThat(outcome.exitCode())
        .as("%s: %s%s", String.join(" ", arguments), outcome.out(), outcome.err())
        .isZero();
    return outcome.out();
  }
}
