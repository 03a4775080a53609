package io.blockmover.velero.location;

import io.blockmover.api.ClusterObjectUnusable;
import io.blockmover.api.MoverException;
import java.util.List;
import java.util.Map;

/**
 * All that a pod needs to open a repository. No secret stands in it: the kubelet mounts them.
 *
 * @param location the BackupStorageLocation's name, for messages
 * @param place where Velero keeps its backups: {@code s3://bucket/prefix}, for {@code pod sweep}
 * @param url of the repository below it, as {@code --repo} takes it
 * @param environment the variables that mover reads, {@code MOVER_REPO} among them
 * @param mounts files that the variables name
 * @param readOnly whether nothing may be written: backups and sweeps are refused, restores are not
 */
public record RepositoryAccess(
    String location,
    String place,
    String url,
    Map<String, String> environment,
    List<SecretFile> mounts,
    boolean readOnly) {

  public RepositoryAccess {
    environment = Map.copyOf(environment);
    mounts = List.copyOf(mounts);
  }

  /**
   * One entry of a Secret of Velero's namespace, to be mounted as a file that only its owner reads.
   *
   * @param path absolute; no other file of an access lies in its directory
   * @param optional whether the pod starts without it
   */
  public record SecretFile(String secret, String key, String path, boolean optional) {

    /** Where the volume with the file is mounted. */
    public String directory() {
      return path.substring(0, path.lastIndexOf('/'));
    }

    /** The file's name there. */
    public String file() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** Refuses what would write where nothing may be written. */
  public void requireWritable() throws MoverException {
    if (readOnly) {
      throw ClusterObjectUnusable.refused(
          "BackupStorageLocation " + location + " is ReadOnly: nothing is backed up to it",
          "name another location, or set its spec.accessMode to ReadWrite");
    }
  }
}
