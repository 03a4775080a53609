package io.blockmover.ceph.rbd.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.tracking.ChangeId;
import io.blockmover.ceph.rbd.ImageIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RbdChangeIdTest {

  private static final ImageIdentity SNAPSHOT = new ImageIdentity("f-1", 2, "ns", "abc", 5);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itIsRecordedAndReadBack(boolean isClone) {
    RbdChangeId id = new RbdChangeId(SNAPSHOT, 4096, isClone);
    assertThat(RbdChangeId.parse(id.encoded())).contains(id);
  }

  @Test
  void itsFormIsThatOfBackupsThatExist() {
    assertThat(RbdChangeId.parse(new ChangeId("rbd1|f-1/2/ns/abc@5|4096|own")))
        .contains(new RbdChangeId(SNAPSHOT, 4096, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "of-somebody-else",
        "rbd2|f-1/2/ns/abc@5|4096|own",
        "rbd1|f-1/2/ns/abc|4096|own",
        "rbd1|f-1/2/ns/abc@5|-1|own",
        "rbd1|f-1/2/ns/abc@5|99999999999999999999|own",
        "rbd1|f-1/2/ns/abc@5|4096|else",
        "rbd1|f-1/2/ns/abc@5|4096",
        "csi1|driver|volume|1|2|3"
      })
  void anythingElseIsNone(String text) {
    assertThat(RbdChangeId.parse(new ChangeId(text))).isEmpty();
  }

  @Test
  void anImageThatIsNoSnapshotCannotBeABase() {
    ImageIdentity head = new ImageIdentity("f-1", 2, "ns", "abc", ImageIdentity.HEAD);
    assertThatThrownBy(() -> new RbdChangeId(head, 4096, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
