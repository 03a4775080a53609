package io.blockmover.cbt.k8s;

import io.blockmover.api.Extent;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * What the fake sidecar answers to one request.
 *
 * @param end the status after the last message
 */
record SidecarReply(List<Message> messages, Status end) {

  static final int FIXED = 1;
  static final int VARIABLE = 2;

  /** Messages, then OK. */
  static SidecarReply ok(Message... messages) {
    return new SidecarReply(List.of(messages), Status.OK);
  }

  static SidecarReply failing(Status status) {
    return new SidecarReply(List.of(), status);
  }

  /** The extents in messages of a size. */
  static SidecarReply of(List<Extent> extents, long capacity, int perMessage) {
    List<Message> messages = new ArrayList<>();
    for (int at = 0; at < extents.size(); at += perMessage) {
      messages.add(
          new Message(
              VARIABLE,
              capacity,
              extents.subList(at, Math.min(extents.size(), at + perMessage)).stream()
                  .map(e -> new Entry(e.offset(), e.length()))
                  .toList()));
    }
    return new SidecarReply(messages, Status.OK);
  }

  /** The same, broken off after some messages if there are more. */
  SidecarReply cutAfter(int count, Status status) {
    return count >= messages.size() ? this : new SidecarReply(messages.subList(0, count), status);
  }

  /** Not checked at all: drivers make mistakes. */
  record Entry(long offset, long size) {}

  record Message(int type, long capacity, List<Entry> entries) {
    static Message of(long capacity, long... offsetsAndSizes) {
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < offsetsAndSizes.length; i += 2) {
        entries.add(new Entry(offsetsAndSizes[i], offsetsAndSizes[i + 1]));
      }
      return new Message(VARIABLE, capacity, entries);
    }
  }
}
