package io.blockmover.cli;

import io.blockmover.kubernetes.ObjectName;
import io.blockmover.kubernetes.exposure.PodRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Work on a claim from outside, in a pod. */
final class PodOptions {

  @Option(
      names = "--pvc",
      paramLabel = "NS/NAME",
      description = "Work on this claim, in a pod that is made for it; needs --image.")
  private @Nullable String claim;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "With --pvc: the pod's image; its entry point is mover.")
  private @Nullable String image;

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      defaultValue = "mover",
      description =
          "With --pvc: Secret in the claim's namespace with the repository's environment"
              + " (MOVER_REPO, MOVER_PASSWORD, AWS_ACCESS_KEY_ID, ...). Default: ${DEFAULT-VALUE}.")
  private String secret = "mover";

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      defaultValue = "mover",
      description =
          "With --pvc: what the pod runs as, in the claim's namespace. Default: ${DEFAULT-VALUE}."
              + " mover doctor --rbac prints what it needs.")
  private String serviceAccount = "mover";

  @Option(
      names = "--storage-class",
      paramLabel = "NAME",
      description = "With --pvc: class of the claim that is made.")
  private @Nullable String storageClass;

  @Option(
      names = "--without-clone",
      description =
          "With --pvc: read the snapshot where Ceph keeps it, and make no volume of it. The pod"
              + " needs librbd, and a way to monitors and OSDs.")
  private boolean withoutClone;

  /** Whether no claim is made of the snapshot. */
  boolean readsStorage() {
    return withoutClone;
  }

  Optional<ObjectName> claim() throws Complaint {
    return SnapshotOptions.name("--pvc", claim);
  }

  Optional<String> storageClass() {
    return Optional.ofNullable(storageClass);
  }

  /** What can be refused without asking anybody. */
  void check(RepositoryOptions repository) throws Complaint {
    if (claim().isPresent() && image == null) {
      throw Complaint.usage(
          "--pvc needs an image for the pod", "name it with --image; its entry point is mover");
    }
    if (claim().isPresent() && repository.named()) {
      throw Complaint.usage(
          "the pod cannot use --repo of this command",
          "put MOVER_REPO and the password into Secret " + secret + " in the claim's namespace");
    }
  }

  PodRequest request(List<String> arguments) {
    return new PodRequest(image == null ? "" : image, secret, serviceAccount, arguments);
  }
}
