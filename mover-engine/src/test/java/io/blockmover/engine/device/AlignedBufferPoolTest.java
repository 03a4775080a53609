package io.blockmover.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.Cancelled;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlignedBufferPoolTest {

  @Test
  void buffersAreDirectAlignedApartAndOfTheSizeAskedFor() throws Exception {
    try (AlignedBufferPool pool = new AlignedBufferPool(5, 12288)) {
      List<ByteBuffer> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ByteBuffer buffer = pool.take();
        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.remaining()).isEqualTo(12288);
        assertThat(MemorySegment.ofBuffer(buffer).address() % 4096).isZero();
        while (buffer.hasRemaining()) {
          buffer.put((byte) (i + 1));
        }
        all.add(buffer);
      }
      assertThat(pool.available()).isZero();
      for (int i = 0; i < 5; i++) {
        for (int at = 0; at < 12288; at++) {
          assertThat(all.get(i).get(at)).isEqualTo((byte) (i + 1));
        }
      }
    }
  }

  @Test
  void whoFindsNoneWaitsForOneToComeBack() throws Exception {
    try (AlignedBufferPool pool = new AlignedBufferPool(1, 4096)) {
      ByteBuffer only = pool.take();
      only.position(100).limit(200);
      CompletableFuture<ByteBuffer> waiting = new CompletableFuture<>();
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      waiting.complete(pool.take());
                    } catch (Cancelled e) {
                      waiting.completeExceptionally(e);
                    }
                  });
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(waiting).isNotDone();
      pool.giveBack(only);
      ByteBuffer got = waiting.get(10, TimeUnit.SECONDS);
      assertThat(got.position()).isZero();
      assertThat(got.remaining()).isEqualTo(4096);
      thread.join();
    }
  }

  @Test
  void theLastGivenBackIsTheFirstHandedOut() throws Exception {
    try (AlignedBufferPool pool = new AlignedBufferPool(3, 4096)) {
      ByteBuffer warm = pool.take();
      pool.giveBack(warm);
      assertThat(pool.take()).isSameAs(warm);
    }
  }

  @Test
  void strangersAndSecondReturnsAreRefused() throws Exception {
    try (AlignedBufferPool pool = new AlignedBufferPool(2, 4096)) {
      ByteBuffer buffer = pool.take();
      pool.giveBack(buffer);
      assertThatThrownBy(() -> pool.giveBack(buffer)).isInstanceOf(IllegalArgumentException.class);
      ByteBuffer taken = pool.take();
      assertThatThrownBy(() -> pool.giveBack(taken.duplicate()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new AlignedBufferPool(1, 1000))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    try (AlignedBufferPool pool = new AlignedBufferPool(1, 4096)) {
      pool.take();
      Thread.currentThread().interrupt();
      assertThatThrownBy(pool::take).isInstanceOf(Cancelled.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aClosedPoolTakesItsMemoryAlong() throws Exception {
    AlignedBufferPool pool = new AlignedBufferPool(1, 4096);
    ByteBuffer buffer = pool.take();
    pool.close();
    pool.close();
    assertThatThrownBy(() -> buffer.get(0)).isInstanceOf(IllegalStateException.class);
  }
}
