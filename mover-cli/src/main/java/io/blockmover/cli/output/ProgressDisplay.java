package io.blockmover.cli.output;

import io.blockmover.engine.progress.Progress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Watches a job from a thread of its own until it is closed: a bar on a terminal, a line every ten
 * seconds elsewhere, a line of JSON every second where that was asked for.
 */
final class ProgressDisplay implements Output.Watch {

  /** How progress is shown. */
  enum Style {
    BAR(Duration.ofMillis(200)),
    LINES(Duration.ofSeconds(10)),
    JSON(Duration.ofSeconds(1));

    private final Duration interval;

    Style(Duration interval) {
      this.interval = interval;
    }
  }

  /** How much a new rate counts against the ones before. */
  private static final double SMOOTHING = 0.2;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final String START_OF_LINE_CLEARED = "\r\u001b[K";

  private final String title;
  private final Progress progress;
  private final Style style;
  private final int columns;
  private final Consumer<String> sink;
  private final long startNanos = System.nanoTime();
  private final Thread thread;

  private long lastNanos = startNanos;
  private long lastDone;
  private double rate;

  /**
   * @param sink takes text as it is, line ends included
   */
  ProgressDisplay(
      String title, Progress progress, Style style, int columns, Consumer<String> sink) {
    this.title = title;
    this.progress = progress;
    this.style = style;
    this.columns = columns;
    this.sink = sink;
    this.thread = Thread.ofPlatform().daemon().name("progress").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(style.interval);
        sink.accept(next());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String next() {
    Progress.Snapshot state = progress.snapshot();
    long now = System.nanoTime();
    double current =
        (state.doneBytes() - lastDone) * NANOS_PER_SECOND / Math.max(1, now - lastNanos);
    rate = lastDone == 0 ? current : rate + SMOOTHING * (current - rate);
    lastDone = state.doneBytes();
    lastNanos = now;
    Duration elapsed = Duration.ofNanos(now - startNanos);
    return switch (style) {
      case BAR ->
          START_OF_LINE_CLEARED + ProgressLine.bar(title, state, rate, elapsed, columns - 1);
      case LINES -> ProgressLine.plain(title, state, rate, elapsed) + System.lineSeparator();
      case JSON -> JsonLine.of(document(title, state, rate, elapsed)) + System.lineSeparator();
    };
  }

  /** What a line of JSON says. */
  static Map<String, Object> document(
      String title, Progress.Snapshot state, double rate, Duration elapsed) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "progress");
    document.put("job", title);
    document.put("phase", state.phase());
    document.put("totalBytes", state.totalBytes());
    document.put("doneBytes", state.doneBytes());
    document.put("readBytes", state.readBytes());
    document.put("storedBytes", state.storedBytes());
    document.put("bytesPerSecond", Math.round(rate));
    document.put("secondsElapsed", elapsed);
    document.put("secondsLeft", ProgressLine.secondsLeft(state, rate));
    document.put("retries", state.retries());
    return document;
  }

  /** Stops watching; a bar is wiped away. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (style == Style.BAR) {
      sink.accept(START_OF_LINE_CLEARED);
    }
  }
}
