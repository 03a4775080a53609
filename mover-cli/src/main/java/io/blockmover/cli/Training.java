package io.blockmover.cli;

import io.blockmover.cli.training.LoopbackS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the JVM watches to make its AOT cache: the demo on a directory, and a short life of a volume
 * on S3. The launcher runs it once after a build, and the image's build does.
 */
final class Training {

  private static final int IMAGE_BYTES = 8 << 20;

  private final Surroundings surroundings;
  private final Path directory;

  private Training(Surroundings surroundings, Path directory) {
    this.surroundings = surroundings;
    this.directory = directory;
  }

  /**
   * Runs it.
   *
   * @param arguments a directory for temporary files
   */
  public static void main(String[] arguments) throws IOException {
    Surroundings process = Surroundings.ofProcess();
    Map<String, String> environment = new HashMap<>(process.environment());
    environment.put("MOVER_PASSWORD", "training");
    Training training =
        new Training(
            new Surroundings(
                environment,
                process.in(),
                process.out(),
                process.err(),
                process.prompt(),
                process.columns()),
            Path.of(arguments[0]));
    training.onDirectory();
    training.onS3();
    System.exit(ExitCode.DONE);
  }

  private void onDirectory() {
    run("demo", "--quiet", "--size", "24M", "--dir", directory.toString());
  }

  private void onS3() throws IOException {
    System.setProperty("aws.accessKeyId", "training");
    System.setProperty("aws.secretAccessKey", "training");
    System.setProperty("aws.region", "us-east-1");
    Path image = directory.resolve("image");
    byte[] content = new byte[IMAGE_BYTES];
    new Random(1).nextBytes(content);
    Files.write(image, content);
    try (LoopbackS3 s3 = new LoopbackS3()) {
      List<String> store =
          List.of("--repo", "s3://training/repository", "--s3-endpoint", s3.endpoint());
      runOn(store, "init");
      runOn(store, "backup", "--volume", "image", image.toString());
      runOn(store, "backup", "--volume", "image", image.toString());
      runOn(store, "list");
      runOn(store, "restore", "latest", directory.resolve("restored").toString());
      runOn(store, "verify");
    }
  }

  private void runOn(List<String> store, String... command) {
    List<String> arguments = new ArrayList<>();
    Collections.addAll(arguments, command);
    arguments.addAll(store);
    run(arguments.toArray(String[]::new));
  }

  private void run(String... arguments) {
    int code = new CommandLineProgram(surroundings, new Interruption()).run(arguments);
    if (code != ExitCode.DONE) {
      throw new IllegalStateException(
          "training ended with exit code " + code + " at " + String.join(" ", arguments));
    }
  }
}
