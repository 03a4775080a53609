package io.blockmover.ceph.rbd;

import io.blockmover.ceph.rbd.librbd.ClusterConnection;

/** A snapshot that was found, with the connection it was found by. Closing it disconnects. */
public record OpenSnapshot(ClusterConnection connection, LocatedSnapshot snapshot)
    implements AutoCloseable {

  @Override
  public void close() {
    connection.close();
  }
}
