package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.cli.training.LoopbackS3;
import io.blockmover.testkit.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A repository on S3, and what people see when the store does not do as it should. */
@Tag("slow")
@Timeout(120)
class S3CommandsTest {

  private static final int SIZE = 3 << 20;

  private static final Pattern PROBE = Pattern.compile("probe-[0-9a-f]+");

  @TempDir private Path directory;
  private S3Server server;
  private MoverRun mover;
  private Path image;

  @BeforeAll
  static void nameCredentials() {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
  }

  @AfterAll
  static void forgetCredentials() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @BeforeEach
  void start() throws Exception {
    server = S3Server.start();
    mover = at(server, "bucket");
    byte[] content = new byte[SIZE];
    new Random(7).nextBytes(content);
    image = Files.write(directory.resolve("disk.img"), content);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static MoverRun at(S3Server server, String bucket) {
    return new MoverRun()
        .variable("MOVER_REPO", "s3://" + bucket + "/place")
        .variable("MOVER_S3_ENDPOINT", server.endpoint())
        .variable("MOVER_PASSWORD", "secret");
  }

  private void done(String... arguments) {
    MoverRun.Outcome outcome = mover.run(arguments);
    assertThat(outcome.exitCode())
        .as("%s: %s", String.join(" ", arguments), outcome.err())
        .isZero();
  }

  private MoverRun.Outcome failed(String... arguments) {
    MoverRun.Outcome outcome = mover.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).contains("what to do: ").doesNotContain("\tat ");
    return outcome;
  }

  @Test
  void aRepositoryLivesItsWholeLifeOnS3() {
    done("init");
    done("backup", image.toString(), "--volume", "v");
    done("backup", image.toString(), "--volume", "v");
    assertThat(mover.run("list").out().lines()).hasSize(3);
    done("verify", "--level", "data");
    Path copy = directory.resolve("copy.img");
    done("restore", "v@latest", copy.toString(), "--verify");
    assertThat(copy).hasSameBinaryContentAs(image);
    done("forget", "v@latest");
    assertThat(mover.run("list").out().lines()).hasSize(2);
    done("gc", "--keep-interrupted", "0");
    done("verify", "--level", "data");
    // What init found this server to verify is what protects uploads since.
    assertThat(server.puts().getLast())
        .containsKey("X-amz-checksum-crc32c")
        .doesNotContainKey("Content-md5");
    done("doctor");
  }

  @Test
  void aStoreThatIgnoresConditionsIsRefused() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    server.trouble(
        exchange -> {
          boolean first = seen.add(exchange.getRequestURI().getPath());
          if (first || !exchange.getRequestHeaders().containsKey("If-none-match")) {
            return false;
          }
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("ETag", "\"1\"");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
          return true;
        });
    MoverRun.Outcome init = failed("init");
    assertThat(init.err()).contains("cannot hold a repository", "atomic conditional writes");
    server.trouble(exchange -> false);
    assertThat(mover.run("list").exitCode()).as("nothing was made").isEqualTo(10);
  }

  @Test
  void aBucketThatIsNotThereIsNamed() {
    mover = at(server, "other");
    for (String command : new String[] {"init", "list", "verify", "doctor"}) {
      assertThat(failed(command).err()).contains("there is no bucket other", "create the bucket");
    }
    assertThat(failed("backup", image.toString()).err()).contains("there is no bucket other");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(403, "AccessDenied", "may list, read, write and delete"),
        Arguments.of(403, "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
        Arguments.of(403, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        Arguments.of(400, "ExpiredToken", "get new ones"),
        Arguments.of(400, "AuthorizationHeaderMalformed", "--s3-region"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void credentialsThatAreRefusedAreSaidToBe(int status, String code, String advice) {
    done("init");
    server.refuse("GET", "", status, code);
    assertThat(failed("list").err()).contains(code, advice);
    assertThat(failed("backup", image.toString()).err()).contains(code, advice);
  }

  @Test
  void aStoreThatTakesReadsAndRefusesWritesFailsAtOnceAndStaysReadable() {
    done("init");
    done("backup", image.toString(), "--volume", "v");
    server.refuse("PUT", "", 403, "AccessDenied");
    MoverRun.Outcome backup = failed("backup", image.toString(), "--volume", "v");
    assertThat(backup.err()).contains("cannot write w/", "AccessDenied");
    assertThat(failed("forget", "v@latest", "--unsafe-allow-remove-all").err())
        .contains("HEAD", "AccessDenied");
    server.refuse("PUT", "HEAD", 403, "AccessDenied");
    assertThat(failed("backup", image.toString(), "--volume", "v").err())
        .contains("AccessDenied")
        .doesNotContain("not known");
    assertThat(mover.run("list").out().lines()).hasSize(2);
  }

  @Test
  void aFullStoreIsSaidToBeFull() {
    done("init");
    server.refuse("PUT", "/d/", 507, "InsufficientStorage");
    assertThat(failed("backup", image.toString()).err())
        .contains("InsufficientStorage", "free space or raise the quota");
    server.trouble(exchange -> false);
    done("backup", image.toString());
    done("verify", "--level", "data");
  }

  @Test
  void aCertificateIsTrustedWhereItsAuthorityIsGiven() throws Exception {
    SelfSignedCertificate own = SelfSignedCertificate.make(directory);
    Path certificate = own.certificate();
    try (S3Server secure = S3Server.startTls(own)) {
      mover = at(secure, "bucket");
      assertThat(failed("init").err()).contains("is not trusted", "--s3-ca-file");
      done("init", "--s3-ca-file", certificate.toString());
      mover.variable("MOVER_S3_CA_FILE", certificate.toString());
      done("backup", image.toString());
      Path copy = directory.resolve("copy.img");
      done("restore", "latest", copy.toString());
      assertThat(copy).hasSameBinaryContentAs(image);
      MoverRun.Outcome missing =
          mover.run("list", "--s3-ca-file", directory.resolve("none").toString());
      assertThat(missing.exitCode()).isEqualTo(2);
      assertThat(missing.err()).contains("--s3-ca-file", "there is no such file");
    }
  }

  @Test
  void aCertificateOfTheEnvironmentIsTrustedToo() throws Exception {
    SelfSignedCertificate own = SelfSignedCertificate.make(directory);
    try (S3Server secure = S3Server.startTls(own)) {
      mover = at(secure, "bucket").variable("MOVER_S3_CA_PEM", Files.readString(own.certificate()));
      done("init");
      done("backup", image.toString());
      assertThat(mover.run("list", "--s3-ca-file", own.certificate().toString()).err())
          .contains("leave one out");
      mover.variable("MOVER_S3_CA_PEM", "nonsense");
      assertThat(mover.run("list").err()).contains("MOVER_S3_CA_PEM cannot be used");
    }
  }

  @Test
  void anyCertificateIsTakenWhereThatIsAskedForAndNowhereElse() throws Exception {
    SelfSignedCertificate other =
        SelfSignedCertificate.make(directory, "EC", "-ext", "san=dns:elsewhere.example");
    try (S3Server secure = S3Server.startTls(other)) {
      mover = at(secure, "bucket").variable("MOVER_S3_INSECURE_TLS", "true");
      done("init");
      done("backup", image.toString());
      Path copy = directory.resolve("copy.img");
      done("restore", "latest", copy.toString());
      assertThat(copy).hasSameBinaryContentAs(image);
      assertThat(failed("list", "--s3-insecure-tls=false").err()).contains("is not trusted");
    }
  }

  /** Whatever the disturbance looks like: the probe itself only bears with a store that is busy. */
  @Test
  void thePodThatMakesTheRepositoryTriesAgainWhereAnotherDisturbsIt() {
    AtomicReference<String> first = new AtomicReference<>();
    server.trouble(
        exchange -> {
          Matcher probe = PROBE.matcher(exchange.getRequestURI().getPath());
          if (!probe.find()) {
            return false;
          }
          first.compareAndSet(null, probe.group());
          if (!probe.group().equals(first.get())) {
            return false;
          }
          exchange.getRequestBody().readAllBytes();
          LoopbackS3.refuse(exchange, 400, "InvalidRequest");
          exchange.close();
          return true;
        });
    mover.variable("MOVER_PASSWORD", "not-a-sample");
    MoverRun.Outcome outcome =
        mover.run("pod", "backup", "--device", image.toString(), "--volume", "v");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("trying again");
  }

  @Test
  void aBucketIsSweptByTheTimesOfItsServer() {
    mover.variable("MOVER_PASSWORD", "not-a-sample");
    for (String volume : new String[] {"one", "two"}) {
      done(
          "pod",
          "backup",
          "--device",
          image.toString(),
          "--volume",
          volume,
          "--tag",
          "velero-backup=gone",
          "--tag",
          "velero-backup-uid=u1");
    }
    String[] sweep = {"pod", "sweep", "--velero", "s3://bucket", "--grace", "0"};
    assertThat(mover.run(sweep).out()).contains("\"forgotten\":0", "\"waiting\":2");
    assertThat(mover.run(sweep).out()).contains("\"forgotten\":2", "\"waiting\":0");
    server.refuse("GET", "/bucket", 403, "AccessDenied");
    assertThat(mover.run(sweep).exitCode()).isEqualTo(1);
  }
}
