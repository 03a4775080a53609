package io.blockmover.cli.output;

import io.blockmover.engine.progress.Progress;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where a command's words go. Results go to {@code results} (standard output, unless data goes
 * there), everything else to standard error, so that output can be piped.
 */
public final class Output {

  private final PrintStream results;
  private final PrintStream errors;
  private final OutputStyle style;
  private final Consumer<Map<String, ?>> documents;
  private final List<String> warnings = new ArrayList<>();

  public Output(PrintStream results, PrintStream errors, OutputStyle style) {
    this(results, errors, style, document -> {});
  }

  /**
   * @param documents takes each result as well, if results are JSON
   */
  public Output(
      PrintStream results,
      PrintStream errors,
      OutputStyle style,
      Consumer<Map<String, ?>> documents) {
    this.results = results;
    this.errors = errors;
    this.style = style;
    this.documents = documents;
  }

  /** The same, with results on standard error because standard output carries data. */
  public Output besideData() {
    return new Output(errors, errors, style, documents);
  }

  public boolean json() {
    return style.json();
  }

  public boolean verbose() {
    return style.verbosity() > 0;
  }

  /** A line of the result; with {@code --json} nothing, see {@link #document}. */
  public void line(String text) {
    if (!style.json()) {
      results.println(text);
    }
  }

  /** A line that a person may like to know and nobody needs; silent if quiet or JSON. */
  public void note(String text) {
    if (!style.json() && !style.quiet()) {
      errors.println(text);
    }
  }

  /** Something is not as it should be, and the command goes on. From any thread. */
  public void warn(String text) {
    synchronized (warnings) {
      warnings.add(text);
    }
    errors.println("mover: warning: " + text);
  }

  /** The result with {@code --json}, one line; warnings are added to it. */
  public void document(Map<String, ?> document) {
    if (style.json()) {
      Map<String, Object> whole = new LinkedHashMap<>(document);
      synchronized (warnings) {
        if (!warnings.isEmpty()) {
          whole.put("warnings", List.copyOf(warnings));
        }
      }
      results.println(JsonLine.of(whole));
      documents.accept(whole);
    }
  }

  /** Shows a job's progress until the answer is closed. */
  public Watch progress(String title, Progress progress) {
    if (style.quiet()) {
      return () -> {};
    }
    if (style.json()) {
      return new ProgressDisplay(
          title, progress, ProgressDisplay.Style.JSON, 0, text -> print(results, text));
    }
    ProgressDisplay.Style kind =
        style.columns() > 0 ? ProgressDisplay.Style.BAR : ProgressDisplay.Style.LINES;
    return new ProgressDisplay(title, progress, kind, style.columns(), text -> print(errors, text));
  }

  /** A job that is being watched. */
  public interface Watch extends AutoCloseable {

    /** Stops watching. */
    @Override
    void close();
  }

  private static void print(PrintStream to, String text) {
    to.print(text);
    to.flush();
  }
}
