package io.blockmover.velero.metrics;

/** All that is exported. The chart's alerts and dashboard use no other names. */
public enum Metric {
  TRANSFERS("blockmover_transfers", "DataUploads and DataDownloads that there are, by phase"),
  OLDEST_OPEN(
      "blockmover_oldest_open_transfer_timestamp_seconds",
      "When the oldest transfer that has not ended was made"),
  LAST_BACKUP(
      "blockmover_last_backup_timestamp_seconds", "When the last whole backup of a claim ended"),
  VOLUME_BYTES("blockmover_last_backup_volume_bytes", "Size of the volume at its last backup"),
  CHANGED_BYTES(
      "blockmover_last_backup_changed_bytes", "What the last backup found changed or new"),
  FALLBACK(
      "blockmover_last_backup_fallback",
      "1 if the last backup could not be made as it should; its DataUpload's message says why"),
  DISTRUSTED(
      "blockmover_last_backup_distrusted",
      "1 if the storage driver's word on what changed is not taken for this volume"),
  BASE_SNAPSHOTS(
      "blockmover_base_snapshots", "Snapshots that are kept for the next backup of a claim"),
  LEFT_BEHIND(
      "blockmover_left_behind_objects",
      "Pods, claims and snapshot contents whose transfer has ended or is gone");

  private final String id;
  private final String help;

  Metric(String id, String help) {
    this.id = id;
    this.help = help;
  }

  /** Its name in Prometheus. */
  public String id() {
    return id;
  }

  /** What it is, in one line. */
  String help() {
    return help;
  }
}
