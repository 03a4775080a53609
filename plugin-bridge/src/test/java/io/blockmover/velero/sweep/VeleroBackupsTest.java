package io.blockmover.velero.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.MoverException;
import io.blockmover.api.StoreUnavailable;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.testkit.MemoryObjectStore;
import io.blockmover.velero.location.Domain;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VeleroBackupsTest {

  private final MemoryObjectStore place = new MemoryObjectStore();

  private void put(String key, String text) throws MoverException {
    place.put(key, ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private void backup(String name, String uid) throws MoverException {
    put(
        "backups/" + name + "/velero-backup.json",
        "{\"metadata\":{\"name\":\"%s\",\"uid\":\"%s\"}}".formatted(name, uid));
    put("backups/" + name + "/" + name + ".tar.gz", "items");
  }

  @Test
  void aBackupIsKnownByItsNameAndUid() throws Exception {
    backup("b", "u1");
    VeleroBackups backups = VeleroBackups.list(place);
    assertThat(backups.count()).isEqualTo(1);
    assertThat(backups.mayHold(new VeleroTags("b", "u1"))).isTrue();
    assertThat(backups.mayHold(new VeleroTags("b", "u2"))).isFalse();
    assertThat(backups.mayHold(new VeleroTags("a", "u1"))).isFalse();
  }

  @Test
  void aListingThatLeavesOneOutIsNotBelievedInTheEnd() throws Exception {
    VeleroBackups backups = VeleroBackups.list(place);
    backup("b", "u1");
    assertThat(backups.mayHold(new VeleroTags("b", "u1"))).isFalse();
    assertThat(backups.mayHoldNow(new VeleroTags("b", "u1"))).isTrue();
    assertThat(backups.mayHoldNow(new VeleroTags("b", "u2"))).isFalse();
  }

  @Test
  void aNameThatNoKeyCanHaveIsLeftAlone() throws Exception {
    VeleroBackups backups = VeleroBackups.list(place);
    assertThat(backups.mayHoldNow(new VeleroTags("../x", "u1"))).isTrue();
  }

  @Test
  void aPlaceThatCannotBeListedIsAFailureAndNoEmptyPlace() {
    ObjectStore denied =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) ->
                    (ObjectStore.ObjectListing)
                        () -> {
                          throw new StoreUnavailable("no answer", Duration.ZERO, null);
                        });
    assertThatThrownBy(() -> VeleroBackups.list(denied)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void tagsNameOneBackupOrNone() {
    VeleroTags tags = new VeleroTags("b", "u1");
    assertThat(VeleroTags.of(tags.tags())).contains(tags);
    assertThat(VeleroTags.of(List.of("velero-backup=b"))).isEmpty();
    assertThat(VeleroTags.of(List.of("velero-backup=", "velero-backup-uid=u"))).isEmpty();
    assertThat(VeleroTags.of(List.of("velero-backup=b", "velero-backup=c", "velero-backup-uid=u")))
        .isEmpty();
  }

  @Test
  void repositoriesAreFoundWithoutWalkingThroughThem() throws Exception {
    put("format", "x");
    put("v/1/HEAD", "x");
    for (String domain : List.of("namespace.app", "namespace.app-2", "volume.app.1-2")) {
      put(domain + "/format", "x");
      for (int i = 0; i < 50; i++) {
        put(domain + "/d/" + i, "x");
      }
    }
    put("namespace.without-format/d/1", "x");
    put("namespace.UPPER/format", "x");
    assertThat(Domains.find(place))
        .extracting(Domain::text)
        .containsExactlyInAnyOrder("-", "namespace.app", "namespace.app-2", "volume.app.1-2");
  }
}
