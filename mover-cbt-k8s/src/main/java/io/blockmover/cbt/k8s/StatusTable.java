package io.blockmover.cbt.k8s;

import io.grpc.Status;
import java.util.EnumMap;
import java.util.Map;

/**
 * What each status of the service means and what to do about it; who sends which stands in
 * docs/cbt.md.
 */
final class StatusTable {

  /** What the client does about a call that ended so. */
  enum Action {
    /** Ask again from where the stream broke, as long as there is progress. */
    RESUME,
    /** As {@link #RESUME}, but only if the call that ended had got further. */
    RESUME_IF_FURTHER,
    /** Look whether the snapshot is still there, then as {@link #RESUME}. */
    LOOK_AND_RESUME,
    /** Read the service object again, take a new token, and ask once more. */
    NEW_TOKEN,
    /** Ask for shorter messages. */
    SMALLER_MESSAGES,
    /** The base cannot be compared with; for a list of allocated extents as {@link #GIVE_UP}. */
    BASE_GONE,
    /** There is nothing at that offset: right after the last byte, and a refusal before it. */
    PAST_THE_END,
    /** Nothing that this client can do changes the answer. */
    GIVE_UP
  }

  /**
   * A row.
   *
   * @param advice for the person, once nothing else helped
   */
  record Row(Action action, String advice) {}

  private static final Map<Status.Code, Row> ROWS = new EnumMap<>(Status.Code.class);

  static {
    put(
        Status.Code.INVALID_ARGUMENT,
        Action.GIVE_UP,
        "some drivers answer for volumeMode Block only, and only for two snapshots of one volume");
    put(
        Status.Code.UNAUTHENTICATED,
        Action.NEW_TOKEN,
        "does spec.audience of the SnapshotMetadataService agree with the sidecar's --audience?");
    put(
        Status.Code.PERMISSION_DENIED,
        Action.GIVE_UP,
        "allow the service account 'get' on volumesnapshots (snapshot.storage.k8s.io) in that"
            + " namespace");
    put(Status.Code.INTERNAL, Action.RESUME, "look at the logs of the sidecar and of the driver");
    put(
        Status.Code.UNKNOWN,
        Action.RESUME,
        "look at the logs of the sidecar and of what is before it");
    put(
        Status.Code.UNAVAILABLE,
        Action.LOOK_AND_RESUME,
        "look at the snapshot, its class and secret, and at the log of the sidecar");
    put(
        Status.Code.NOT_FOUND,
        Action.BASE_GONE,
        "keep the base snapshot until the next backup is done");
    put(
        Status.Code.FAILED_PRECONDITION,
        Action.BASE_GONE,
        "switch changed block tracking on in the storage");
    put(Status.Code.OUT_OF_RANGE, Action.PAST_THE_END, "report this to the driver's makers");
    put(
        Status.Code.DEADLINE_EXCEEDED,
        Action.RESUME_IF_FURTHER,
        "raise --max-streaming-duration-min of the sidecar: one step of the driver takes longer");
    put(
        Status.Code.RESOURCE_EXHAUSTED,
        Action.SMALLER_MESSAGES,
        "the driver sends more in a message than the sidecar takes");
    put(Status.Code.ABORTED, Action.RESUME, "look at the log of the driver");
    put(Status.Code.CANCELLED, Action.RESUME, "look at the log of the sidecar");
    put(
        Status.Code.UNIMPLEMENTED,
        Action.GIVE_UP,
        "spec.address of the SnapshotMetadataService leads to something else");
    put(Status.Code.ALREADY_EXISTS, Action.GIVE_UP, "look at the log of the driver");
    put(Status.Code.DATA_LOSS, Action.GIVE_UP, "look at the storage: the driver reports lost data");
  }

  private StatusTable() {}

  private static void put(Status.Code code, Action action, String advice) {
    ROWS.put(code, new Row(action, advice));
  }

  /** The row of a status that is not OK. */
  static Row row(Status.Code code) {
    Row row = ROWS.get(code);
    if (row == null) {
      throw new IllegalArgumentException("no failure: " + code);
    }
    return row;
  }
}
