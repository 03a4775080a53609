package io.blockmover.velero.metrics;

import java.util.Map;
import java.util.TreeMap;

/**
 * One number.
 *
 * @param labels by which numbers of one name are told apart
 */
public record Figure(Metric metric, Map<String, String> labels, double value) {

  public Figure {
    labels = Map.copyOf(labels);
  }

  /** As a line of Prometheus' text format. */
  String line() {
    StringBuilder line = new StringBuilder(metric.id());
    String before = "{";
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      line.append(before).append(label.getKey()).append("=\"").append(escaped(label.getValue()));
      before = "\",";
    }
    if (!labels.isEmpty()) {
      line.append("\"}");
    }
    return line.append(' ').append(value).append('\n').toString();
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
