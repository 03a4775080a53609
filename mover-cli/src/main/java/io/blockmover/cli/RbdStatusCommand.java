package io.blockmover.cli;

import io.blockmover.api.MoverException;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.ceph.rbd.ImageIdentity;
import io.blockmover.ceph.rbd.csi.CsiVolumes;
import io.blockmover.ceph.rbd.librbd.ClusterSettings;
import io.blockmover.ceph.rbd.librbd.ImageSnapshot;
import io.blockmover.ceph.rbd.status.ImageStatus;
import io.blockmover.ceph.rbd.status.Outlook;
import io.blockmover.ceph.rbd.status.StatusReader;
import io.blockmover.ceph.rbd.status.StatusScope;
import io.blockmover.ceph.rbd.tracking.RbdChangeId;
import io.blockmover.ceph.rbd.volume.ConnectionOptions;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.cli.output.Table;
import io.blockmover.kubernetes.ObjectName;
import io.blockmover.repository.catalogue.FoundBackup;
import io.blockmover.repository.manifest.ChangeIdRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mover rbd status}. */
@Command(
    name = "status",
    header = "Show RBD images as backups see them, and what will go wrong next.",
    description = {
      "Features, flags, snapshots of all namespaces, how deep a clone it is, and which snapshot is"
          + " the base of which volume's last backup. Limits named are the defaults of ceph-csi.",
      "%nChanges nothing; a user with the profile rbd-read-only can ask."
    },
    footer = {
      "  mover rbd status ocs-storagecluster-cephblockpool",
      "  mover rbd status pool/image --repo s3://bucket/prefix",
      "  mover rbd status --pvc app/data"
    })
final class RbdStatusCommand extends Subcommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "POOL[/IMAGE]",
      description = "A pool, pool/namespace/, or an image. Default: pool rbd.")
  private String scope = "rbd";

  @Option(
      names = "--pvc",
      paramLabel = "NS/NAME",
      description =
          "The image behind this claim, and its VolumeSnapshots; the cluster is looked up in"
              + " Kubernetes.")
  private @Nullable String claim;

  @ArgGroup(exclusive = false, validate = false, heading = "%nThe cluster:%n")
  private final CephOptions ceph = new CephOptions();

  @Mixin private final RepositoryOptions repositoryOptions = new RepositoryOptions();

  /**
   * What a repository's last backup of a volume recorded.
   *
   * @param backup its id
   */
  record Base(String backup, String volume, ImageIdentity snapshot) {}

  @Override
  int run(Output output) throws Exception {
    Optional<ObjectName> named = SnapshotOptions.name("--pvc", claim);
    Optional<ClaimImage> ofClaim =
        named.isEmpty()
            ? Optional.empty()
            : Optional.of(ClaimImage.find(named.get(), surroundings()));
    StatusScope wanted;
    ClusterSettings settings;
    try {
      wanted = ofClaim.isPresent() ? scope(ofClaim.get().image()) : StatusScope.parse(scope);
      settings = ofClaim.isPresent() ? ofClaim.get().image().settings() : settings();
    } catch (IllegalArgumentException e) {
      throw Complaint.usage(String.valueOf(e.getMessage()), "");
    }
    List<Base> bases = bases(output);
    List<ImageStatus> images = StatusReader.read(settings, wanted);
    List<Map<String, Object>> documents = new ArrayList<>();
    for (ImageStatus image : images) {
      documents.add(document(image, bases));
    }
    if (!wanted.image().isEmpty()) {
      images.forEach(image -> showImage(output, image, bases));
    } else {
      showPool(output, images, bases);
    }
    List<ClaimImage.TakenSnapshot> taken = ofClaim.map(ClaimImage::snapshots).orElse(List.of());
    showTaken(output, taken);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "rbd-status");
    document.put("scope", wanted.toString());
    document.put("images", documents);
    document.put("volumeSnapshots", taken);
    output.document(document);
    return ExitCode.DONE;
  }

  private ClusterSettings settings() {
    Map<String, String> options = ceph.of(surroundings());
    return ConnectionOptions.settings(options, options);
  }

  private static StatusScope scope(CsiVolumes.Image image) {
    return new StatusScope(image.pool(), image.namespace(), image.name());
  }

  private static void showTaken(Output output, List<ClaimImage.TakenSnapshot> taken) {
    if (taken.isEmpty()) {
      return;
    }
    Table table = new Table("VOLUMESNAPSHOT", ">ID", "AS A BASE");
    for (ClaimImage.TakenSnapshot one : taken) {
      table.row(
          one.name(),
          one.snapshotId() == 0 ? "" : String.valueOf(one.snapshotId()),
          one.why().isEmpty() ? "good" : "none: " + one.why());
    }
    output.line("");
    table.lines().forEach(output::line);
  }

  private List<Base> bases(Output output) throws MoverException, Complaint {
    List<Base> bases = new ArrayList<>();
    if (repositoryOptions.givenLocation(surroundings()).isEmpty()) {
      return bases;
    }
    try (OpenRepository open = OpenRepository.open(repositoryOptions, surroundings(), output)) {
      for (FoundBackup backup : open.backups(null, List.of(), 1)) {
        for (ChangeIdRecord recorded : open.manifest(backup).tracker().changeIds()) {
          RbdChangeId.parse(new ChangeId(recorded.changeId()))
              .ifPresent(
                  id -> bases.add(new Base(backup.row().id(), backup.volume(), id.snapshot())));
        }
      }
    }
    return bases;
  }

  /** Backups based on snapshots of this image, by the snapshot's id. */
  private static Map<Long, Base> basesOf(ImageStatus image, List<Base> bases) {
    Map<Long, Base> found = new HashMap<>();
    for (Base base : bases) {
      if (base.snapshot().isOfSameImage(image.identity())) {
        found.put(base.snapshot().snapshotId(), base);
      }
    }
    return found;
  }

  private static List<String> outlook(ImageStatus image, List<Base> bases) {
    List<String> sentences = new ArrayList<>(Outlook.of(image));
    basesOf(image, bases)
        .forEach(
            (snapshot, base) -> {
              if (image.snapshots().stream().noneMatch(it -> it.id() == snapshot)) {
                sentences.add(
                    "snapshot %d, the base of the last backup of %s (%s), is gone: the next one reads everything that is allocated and compares"
                        .formatted(snapshot, base.volume(), shortened(base.backup())));
              }
            });
    return sentences;
  }

  private static void showPool(Output output, List<ImageStatus> images, List<Base> bases) {
    Table table =
        new Table("IMAGE", ">SIZE", ">SNAPSHOTS", "OF THEM", ">DEPTH", "STATE", "BASE OF");
    for (ImageStatus image : images) {
      table.row(
          image.name(),
          Sizes.bytes(image.sizeBytes()),
          String.valueOf(image.snapshots().size()),
          kinds(image),
          String.valueOf(image.cloneDepth()),
          state(image),
          basesOf(image, bases).values().stream()
              .map(base -> shortened(base.backup()))
              .collect(Collectors.joining(" ")));
    }
    table.lines().forEach(output::line);
    for (ImageStatus image : images) {
      outlook(image, bases).forEach(sentence -> output.line(image.name() + ": " + sentence));
    }
  }

  private static void showImage(Output output, ImageStatus image, List<Base> bases) {
    line(output, "image", image.name() + ", id " + image.identity().imageId());
    line(
        output,
        "size",
        Sizes.bytes(image.sizeBytes()) + " in objects of " + Sizes.bytes(image.objectBytes()));
    line(output, "features", words(image.features()));
    line(output, "flags", image.flags().isEmpty() ? "none" : words(image.flags()));
    line(output, "clone depth", image.cloneDepth() + " (4 flattens, 8 is refused)");
    for (ImageStatus.Ancestor ancestor : image.ancestors()) {
      line(
          output,
          "clone of",
          ancestor.image()
              + "@"
              + ancestor.snapshot()
              + (ancestor.inTrash() ? ", in the trash" : ""));
    }
    line(output, "snapshots", image.snapshots().size() + " of 250 and 450: " + kinds(image));
    outlook(image, bases).forEach(sentence -> line(output, "next", sentence));
    if (image.snapshots().isEmpty()) {
      return;
    }
    Map<Long, Base> recorded = basesOf(image, bases);
    Table table = new Table(">ID", "SNAPSHOT", "NAMESPACE", "TAKEN", ">SIZE", "BASE OF");
    for (ImageSnapshot snapshot : image.snapshots()) {
      Base base = recorded.get(snapshot.id());
      table.row(
          String.valueOf(snapshot.id()),
          snapshot.name(),
          ImageStatus.kind(snapshot.kind()),
          Times.shown(snapshot.created()),
          Sizes.bytes(snapshot.sizeBytes()),
          base == null ? "" : shortened(base.backup()) + " of " + base.volume());
    }
    output.line("");
    table.lines().forEach(output::line);
  }

  private static void line(Output output, String name, String value) {
    output.line(String.format("%-12s %s", name, value));
  }

  private static String kinds(ImageStatus image) {
    return image.snapshotsByKind().entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String state(ImageStatus image) {
    if (image.isFlattenedSnapshot()) {
      return "flattened";
    }
    return image.flags().isEmpty() ? "ok" : words(image.flags());
  }

  private static String words(Set<? extends Enum<?>> values) {
    return values.stream().map(RbdStatusCommand::word).sorted().collect(Collectors.joining(", "));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String shortened(String id) {
    return id.substring(0, 8);
  }

  private static Map<String, Object> document(ImageStatus image, List<Base> bases) {
    Map<Long, Base> recorded = basesOf(image, bases);
    List<Map<String, Object>> snapshots = new ArrayList<>();
    for (ImageSnapshot snapshot : image.snapshots()) {
      Base base = recorded.get(snapshot.id());
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", snapshot.id());
      one.put("name", snapshot.name());
      one.put("namespace", ImageStatus.kind(snapshot.kind()));
      one.put("created", snapshot.created().toString());
      one.put("sizeBytes", snapshot.sizeBytes());
      one.put("baseOf", base == null ? "" : base.backup());
      snapshots.add(one);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("image", image.name());
    document.put("id", image.identity().imageId());
    document.put("sizeBytes", image.sizeBytes());
    document.put("objectBytes", image.objectBytes());
    document.put(
        "features", image.features().stream().map(RbdStatusCommand::word).sorted().toList());
    document.put("flags", image.flags().stream().map(RbdStatusCommand::word).sorted().toList());
    document.put("cloneDepth", image.cloneDepth());
    document.put("ancestors", image.ancestors());
    document.put("flattened", image.isFlattenedSnapshot());
    document.put("snapshotsByNamespace", image.snapshotsByKind());
    document.put("snapshots", snapshots);
    document.put("outlook", outlook(image, bases));
    return document;
  }
}
