package io.blockmover.cli;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The moments at which processes are killed; each is hit several times by {@link KillTest}. */
enum KillPhase {
  ANNOUNCING_THE_SESSION("backup", "put", "w/[^/]+/beat", false, 1),
  SESSION_ANNOUNCED("backup", "put", "w/[^/]+/beat", true, 1),
  PUTTING_DATA("backup", "put", "d/.*", false, 2),
  DATA_PUT("backup", "put", "d/.*", true, 2),
  PUTTING_A_JOURNAL("backup", "put", "w/[^/]+/j-.*", false, 1),
  JOURNAL_PUT("backup", "put", "w/[^/]+/j-.*", true, 1),
  PUTTING_THE_MAP("backup", "put", "m/.*", false, 1),
  PUTTING_MORE_METADATA("backup", "put", "m/.*", true, 3),
  PUTTING_THE_INDEX("backup", "put", "i/.*", false, 1),
  INDEX_PUT("backup", "put", "i/.*", true, 1),
  PUTTING_THE_MANIFEST("backup", "put", "s/.*", false, 1),
  MANIFEST_PUT("backup", "put", "s/.*", true, 1),
  COMMITTING("backup", "put", "v/.*", false, 1),
  COMMITTED("backup", "put", "v/.*", true, 1),
  CLEANING_UP("backup", "delete", "w/.*", false, 1),
  RESTORING("restore", "read", "d/.*", false, 4),
  FORGETTING("forget", "put", "v/.*", false, 1),
  FORGOTTEN("forget", "put", "v/.*", true, 1),
  PLANNING_A_COLLECTION("gc", "put", "gc/HEAD", false, 1),
  COLLECTION_PLANNED("gc", "put", "gc/HEAD", true, 1),
  CONDEMNING("gc", "put", "gc/[0-9]+/doom-.*", true, 1),
  CONDEMNED("gc", "put", "gc/HEAD", true, 2),
  DELETING("gc", "delete", "[dms]/.*", true, 3),
  STORING_ANEW("repack", "put", "d/.*", false, 2),
  STORED_ANEW("repack", "put", "d/.*", true, 2),
  PUTTING_THE_MOVED_MAP("repack", "put", "m/.*", true, 2),
  PUTTING_THE_REPLACEMENT("repack", "put", "s/.*", false, 2),
  REPLACEMENT_PUT("repack", "put", "s/.*", true, 2),
  REPLACING("repack", "put", "v/.*", false, 1),
  REPLACED("repack", "put", "v/.*", true, 1),
  DELETING_WHAT_WAS_MOVED("repack", "delete", "[dms]/.*", true, 2),
  /** At a random moment, not at a request. */
  ANY_TIME("backup", "", "", false, 1);

  private final String command;
  private final String operation;
  private final Pattern key;
  private final boolean applied;
  private final int most;

  KillPhase(String command, String operation, String key, boolean applied, int most) {
    this.command = command;
    this.operation = operation;
    this.key = Pattern.compile(key);
    this.applied = applied;
    this.most = most;
  }

  String command() {
    return command;
  }

  /** One of the requests of this phase, mostly the first. */
  PausePoint draw(RandomGenerator random) {
    return new PausePoint(operation, key, applied, 1 + random.nextInt(1 + random.nextInt(most)));
  }

  /** Whether the command has done its work when it is killed here; {@link #ANY_TIME} cannot say. */
  boolean hasTakenEffect() {
    return this == COMMITTED || this == CLEANING_UP || this == FORGOTTEN;
  }
}
