package io.blockmover.ceph.rbd.csi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsiHandleTest {

  private static final String UUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
  private static final String ODF = "0001-0011-openshift-storage-0000000000000001-" + UUID;

  @Test
  void aHandleOfOdfIsReadByTheLengthOfItsClusterId() {
    assertThat(CsiHandle.parse(ODF)).contains(new CsiHandle("openshift-storage", 1, UUID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ODF,
        "0001-0001-x-00000000000000ff-" + UUID,
        "0001-0024-a0b1c2d3-e4f5-6789-abcd-ef0123456789-7fffffffffffffff-" + UUID,
        "0001-0009-rook-ceph-0000000000000002-" + UUID,
      })
  void itIsWrittenAsItIsRead(String handle) {
    assertThat(CsiHandle.parse(handle).map(CsiHandle::toString)).contains(handle);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "snapshot-1",
        "0002-0011-openshift-storage-0000000000000001-" + UUID,
        "0001-0012-openshift-storage-0000000000000001-" + UUID,
        "0001-0010-openshift-storage-0000000000000001-" + UUID,
        "0001-0000--0000000000000001-" + UUID,
        "0001-0025-a0b1c2d3-e4f5-6789-abcd-ef01234567890-0000000000000001-" + UUID,
        "0001-zzzz-openshift-storage-0000000000000001-" + UUID,
        "0001-0011-openshift-storage-000000000000000g-" + UUID,
        "0001-0011-openshift-storage-ffffffffffffffff-" + UUID,
        "0001-0011-openshift-storage-0000000000000001-" + UUID + "0",
        "0001-0011-openshift-storage-0000000000000001-0f1e2d3c_4b5a_6978_8796_a5b4c3d2e1f0",
        "0001-0011-openshift-storage-0000000000000001-../../../../../../../../../../../etc",
        "0001x0011-openshift-storage-0000000000000001-" + UUID,
      })
  void anythingElseIsNoHandle(String handle) {
    assertThat(CsiHandle.parse(handle)).isEmpty();
  }

  @Test
  void afterADisasterTheEntryIsInAnotherClustersPool() {
    assertThat(CsiHandle.parse(ODF).orElseThrow().inCluster("second", 7))
        .hasToString("0001-0006-second-0000000000000007-" + UUID);
  }
}
