package io.blockmover.cli;

import io.blockmover.api.ObjectAlreadyExists;
import io.blockmover.api.store.StoreReport;
import io.blockmover.cli.location.RepositoryLocation;
import io.blockmover.cli.location.Stores;
import io.blockmover.cli.output.Output;
import io.blockmover.cli.output.Sizes;
import io.blockmover.repository.Repository;
import io.blockmover.repository.RepositoryFormat;
import io.blockmover.repository.RepositoryInit;
import io.blockmover.repository.key.PasswordCost;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mover init}. */
@Command(
    name = "init",
    header = "Make a new repository.",
    description = {
      "In an empty directory or under a prefix of a bucket. Tries out first whether the store's"
          + " conditional writes hold, because several movers at once rely on them.",
      "%nEverything in the repository is encrypted with keys that only the password opens. Whoever"
          + " loses the password loses the backups."
    },
    footer = {
      "  mover init --repo /backups",
      "  mover init --repo s3://bucket/prefix --password-file ~/.mover-password",
      "  mover init --repo s3://bucket/prefix --s3-endpoint https://minio.example:9000"
    })
final class InitCommand extends Subcommand {

  @Mixin private final RepositoryOptions repositoryOptions = new RepositoryOptions();

  @Option(
      names = "--no-encryption",
      description =
          "Everybody who can read the store can read the backups. Cannot be changed later.")
  private boolean noEncryption;

  @Option(
      names = "--chunk-size",
      paramLabel = "SIZE",
      converter = RateConverter.class,
      defaultValue = "512K",
      description = "Grid of deduplication, a power of two from 64K to 4M. Default: 512K.")
  private long chunkBytes;

  @Override
  int run(Output output) throws Exception {
    if (chunkBytes < 64 << 10 || chunkBytes > 4 << 20 || Long.bitCount(chunkBytes) != 1) {
      throw Complaint.usage(
          "--chunk-size " + Sizes.bytes(chunkBytes) + " is no power of two from 64K to 4M",
          "leave it out, or choose one");
    }
    RepositoryLocation location = repositoryOptions.location(surroundings());
    Stores.Opened opened = repositoryOptions.store(surroundings(), new RetryWarning(output));
    try {
      RepositoryCreation creation = new RepositoryCreation(location, opened.store(), output);
      creation.requireNone();
      output.note("trying out whether the store is fit for a repository ...");
      StoreReport report = creation.probe();
      Repository repository =
          creation.create(
              new RepositoryInit.Options(
                  password(output), PasswordCost.RECOMMENDED, (int) chunkBytes),
              report);
      tell(output, repository);
      return ExitCode.DONE;
    } catch (ObjectAlreadyExists e) {
      throw Complaint.failure(String.valueOf(e.getMessage()), e.advice());
    } finally {
      opened.store().close();
    }
  }

  private @Nullable String password(Output output) throws Complaint {
    if (noEncryption) {
      output.warn("without encryption, everybody who can read the store can read the backups");
      return null;
    }
    return repositoryOptions.password(surroundings(), output).chosen();
  }

  private static void tell(Output output, Repository repository) {
    RepositoryFormat format = repository.format();
    output.line("made repository " + format.repository() + " at " + repository.store().location());
    output.note(
        format.encrypted()
            ? "Keep the password safe: without it nobody, you included, can restore."
            : "It is not encrypted.");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "init");
    document.put("repository", format.repository());
    document.put("location", repository.store().location());
    document.put("encrypted", format.encrypted());
    document.put("chunkBytes", format.chunkBytes());
    output.document(document);
  }
}
