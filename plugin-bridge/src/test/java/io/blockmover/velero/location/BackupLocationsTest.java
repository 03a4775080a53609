package io.blockmover.velero.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.ErrorKind;
import io.blockmover.api.MoverException;
import io.blockmover.kubernetes.Cluster;
import io.blockmover.testkit.kubernetes.FakeApiServer;
import io.blockmover.velero.location.RepositoryAccess.SecretFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupLocationsTest {

  private static final LocationSettings SETTINGS =
      new LocationSettings("blockmover-password", LocationSettings.DEFAULT_PASSWORD_KEY);

  @TempDir private static Path directory;
  private final FakeApiServer server = new FakeApiServer();
  private Cluster cluster;

  @BeforeEach
  void connect() throws Exception {
    cluster = Cluster.open(server.kubeconfig(directory));
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.close();
  }

  /** A location with these fields in its spec, beside provider and storage. */
  private void location(String storage, String more) {
    server.put(
        """
        {"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation",
         "metadata": {"namespace": "velero", "name": "default"},
         "spec": {"provider": "aws", "objectStorage": {%s} %s},
         "status": {"phase": "Available"}}
        """
            .formatted(storage, more.isEmpty() ? "" : ", " + more));
  }

  private void config(String config) {
    location("\"bucket\": \"b\"", "\"config\": {" + config + "}");
  }

  /** Velero as {@code velero install} makes it, with its Secret. */
  private void installedWithSecret(String secret) {
    server.put(
        """
        {"apiVersion": "apps/v1", "kind": "Deployment",
         "metadata": {"namespace": "velero", "name": "velero"},
         "spec": {"template": {"spec": {
           "containers": [{"name": "velero", "image": "velero/velero:v1.18.0",
             "command": ["/velero"], "args": ["server", "--features=EnableCSI"],
             "env": [{"name": "AWS_SHARED_CREDENTIALS_FILE", "value": "/credentials/cloud"}],
             "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"},
                              {"name": "cloud-credentials", "mountPath": "/credentials"}]}],
           "volumes": [{"name": "scratch", "emptyDir": {}},
                       {"name": "cloud-credentials", "secret": {"secretName": "%s"}}]}}}}
        """
            .formatted(secret));
  }

  private RepositoryAccess access() throws MoverException {
    return access(Domain.WHOLE);
  }

  private RepositoryAccess access(Domain domain) throws MoverException {
    return new BackupLocations(cluster, "velero").access("default", domain, SETTINGS);
  }

  private ThrowableAssertAlternative<MoverException> assertRefused() {
    return assertThatExceptionOfType(MoverException.class).isThrownBy(this::access);
  }

  @Test
  void theRepositoryLiesWhereVeleroLeavesRoomForOthers() throws Exception {
    location("\"bucket\": \"b\", \"prefix\": \"/a/c/\"", "");
    assertThat(access().url()).isEqualTo("s3://b/a/c/plugins/blockmover");
    assertThat(access().place()).isEqualTo("s3://b/a/c");
    assertThat(access().environment()).containsEntry("MOVER_REPO", access().url());
  }

  @Test
  void aBucketWithoutAPrefixIsEnough() throws Exception {
    location("\"bucket\": \"my_bucket\"", "");
    assertThat(access().url()).isEqualTo("s3://my_bucket/plugins/blockmover");
  }

  @Test
  void aDomainHasARepositoryOfItsOwn() throws Exception {
    location("\"bucket\": \"b\"", "");
    assertThat(access(Domain.Scope.NAMESPACE.of("app", "1-2")).url())
        .isEqualTo("s3://b/plugins/blockmover/namespace.app");
    assertThat(access(Domain.Scope.VOLUME.of("app", "1-2")).url())
        .isEqualTo("s3://b/plugins/blockmover/volume.app.1-2");
  }

  @ParameterizedTest
  @CsvSource({"..", "namespace.a/b", "packs", "''", "namespace...", "volume.a"})
  void noOtherTextIsADomain(String text) {
    assertThatThrownBy(() -> new Domain(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void allThatVeleroIsToldOfTheStoreIsHandedOn() throws Exception {
    config(
        """
        "region": "eu-west-1", "s3Url": "https://s3.example:9000/", "s3ForcePathStyle": "true",
        "insecureSkipTLSVerify": "true", "profile": "backup", "kmsKeyId": "key-1",
        "tagging": "team=storage%20a&tier=x", "publicUrl": "https://public.example",
        "checksumAlgorithm": ""
        """);
    assertThat(access().environment())
        .containsEntry("MOVER_S3_REGION", "eu-west-1")
        .containsEntry("MOVER_S3_ENDPOINT", "https://s3.example:9000")
        .containsEntry("MOVER_S3_PATH_STYLE", "true")
        .containsEntry("MOVER_S3_INSECURE_TLS", "true")
        .containsEntry("MOVER_S3_PROFILE", "backup")
        .containsEntry("MOVER_S3_KMS_KEY", "key-1")
        .containsEntry("MOVER_S3_TAGS", "team=storage a,tier=x");
  }

  @Test
  void theBucketStaysInTheHostNameUnlessVeleroPutsItIntoThePath() throws Exception {
    config("\"s3Url\": \"http://s3.example\"");
    assertThat(access().environment()).containsEntry("MOVER_S3_PATH_STYLE", "false");
  }

  @Test
  void serverSideEncryptionIsHandedOn() throws Exception {
    config("\"serverSideEncryption\": \"AES256\"");
    assertThat(access().environment()).containsEntry("MOVER_S3_SSE", "AES256");
  }

  @ParameterizedTest
  @CsvSource({
    "customerKeyEncryptionSecret, key/file, SSE-C",
    "customerKeyEncryptionFile, /key, SSE-C",
    "futureKey, x, does not know",
    "s3Url, ftp://x, must look like",
    "s3Url, https://me:secret@x, must look like",
    "s3Url, https://x/path, must look like",
    "s3ForcePathStyle, perhaps, neither",
    "tagging, a, name=value"
  })
  void whatCannotBeDoneIsRefusedByItsName(String key, String value, String words) {
    config("\"" + key + "\": \"" + value + "\"");
    assertRefused()
        .withMessageContainingAll("BackupStorageLocation default", key, words)
        .withMessageNotContaining("secret@")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.REFUSED))
        .satisfies(e -> assertThat(e.advice()).isNotEmpty());
  }

  @Test
  void anotherProviderIsRefused() {
    location("\"bucket\": \"b\"", "");
    server.change(
        "BackupStorageLocation",
        "velero",
        "default",
        object -> object.withObject("/spec").put("provider", "azure"));
    assertRefused().withMessageContaining("provider 'azure'");
  }

  @Test
  void whileVeleroCannotReachItNobodyTriesButLaterMay() {
    location("\"bucket\": \"b\"", "");
    server.change(
        "BackupStorageLocation",
        "velero",
        "default",
        object ->
            object.withObject("/status").put("phase", "Unavailable").put("message", "no bucket"));
    assertRefused()
        .withMessageContainingAll("default", "Unavailable", "no bucket")
        .satisfies(e -> assertThat(e.retryable()).isTrue());
  }

  @Test
  void aLocationThatIsNotThereIsNamed() {
    assertRefused()
        .withMessageContaining("no BackupStorageLocation default in namespace velero")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }

  @Test
  void nothingIsWrittenToAReadOnlyLocation() throws Exception {
    location("\"bucket\": \"b\"", "\"accessMode\": \"ReadOnly\"");
    RepositoryAccess access = access();
    assertThat(access.readOnly()).isTrue();
    assertThatThrownBy(access::requireWritable).hasMessageContaining("default is ReadOnly");
  }

  @Test
  void credentialsOfTheLocationComeBeforeThoseOfTheInstallation() throws Exception {
    installedWithSecret("cloud-credentials");
    location("\"bucket\": \"b\"", "\"credential\": {\"name\": \"mine\", \"key\": \"aws\"}");
    assertThat(credentialFiles())
        .containsExactly(new SecretFile("mine", "aws", "/etc/blockmover/credentials/cloud", false));
    assertThat(access().environment())
        .containsEntry("AWS_SHARED_CREDENTIALS_FILE", "/etc/blockmover/credentials/cloud")
        .containsEntry("MOVER_S3_PROFILE", "default");
  }

  @Test
  void aLocationWithoutCredentialsUsesThoseThatVeleroWasInstalledWith() throws Exception {
    installedWithSecret("velero-from-helm");
    location("\"bucket\": \"b\"", "");
    assertThat(credentialFiles())
        .extracting(SecretFile::secret)
        .containsExactly("velero-from-helm");
    assertThat(credentialFiles()).extracting(SecretFile::key).containsExactly("cloud");
  }

  @Test
  void withoutAnyTheIdentityOfThePodIsUsed() throws Exception {
    location("\"bucket\": \"b\"", "");
    assertThat(credentialFiles()).isEmpty();
    assertThat(access().environment())
        .doesNotContainKeys("AWS_SHARED_CREDENTIALS_FILE", "MOVER_S3_PROFILE");
  }

  private List<SecretFile> credentialFiles() throws MoverException {
    return access().mounts().stream().filter(file -> file.path().endsWith("cloud")).toList();
  }

  @Test
  void thePasswordIsMountedAndNeverRead() throws Exception {
    installedWithSecret("cloud-credentials");
    location("\"bucket\": \"b\"", "");
    assertThat(access().mounts())
        .contains(
            new SecretFile(
                "blockmover-password", "password", "/etc/blockmover/password/password", false));
    assertThat(access().environment())
        .containsEntry("MOVER_PASSWORD_FILE", "/etc/blockmover/password/password");
    assertThat(server.requests()).noneMatch(request -> request.contains("/secrets"));
  }

  @Test
  void certificatesComeInTheLocationOrInASecret() throws Exception {
    String pem = "-----BEGIN CERTIFICATE-----\n";
    String base64 = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    location("\"bucket\": \"b\", \"caCert\": \"%s\"".formatted(base64), "");
    assertThat(access().environment()).containsEntry("MOVER_S3_CA_PEM", pem);
    location("\"bucket\": \"b\", \"caCertRef\": {\"name\": \"ca\", \"key\": \"pem\"}", "");
    assertThat(access().environment())
        .containsEntry("MOVER_S3_CA_FILE", "/etc/blockmover/ca/ca.pem");
    assertThat(access().mounts())
        .contains(new SecretFile("ca", "pem", "/etc/blockmover/ca/ca.pem", false));
    location(
        "\"bucket\": \"b\", \"caCert\": \"%s\", \"caCertRef\": {\"name\": \"ca\", \"key\": \"pem\"}"
            .formatted(base64),
        "");
    assertRefused().withMessageContaining("both caCert and caCertRef");
  }

  @Test
  void noPasswordMeansNoRepository() {
    assertThatThrownBy(() -> new LocationSettings("", "password"))
        .hasMessageContaining("no Secret holds the repository's password");
  }
}
