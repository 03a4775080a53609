package io.blockmover.velero.metrics;

import java.util.List;

/** Figures in Prometheus' text format. */
public final class Exposition {

  private Exposition() {}

  /** All of them, those of one name together, as the format wants it. */
  public static String text(List<Figure> figures) {
    StringBuilder text = new StringBuilder();
    for (Metric metric : Metric.values()) {
      text.append("# HELP ").append(metric.id()).append(' ').append(metric.help()).append('\n');
      text.append("# TYPE ").append(metric.id()).append(" gauge\n");
      figures.stream()
          .filter(figure -> figure.metric() == metric)
          .forEach(figure -> text.append(figure.line()));
    }
    return text.toString();
  }
}
