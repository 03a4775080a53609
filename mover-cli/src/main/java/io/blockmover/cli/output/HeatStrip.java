package io.blockmover.cli.output;

import io.blockmover.api.Extent;
import java.util.Locale;

/**
 * A picture of a volume, from its beginning on the left to its end on the right: how much of each
 * part is allocated, and how much changed. As many parts as columns, however large the volume.
 */
public final class HeatStrip {

  private static final char[] SHADES = {' ', '░', '▒', '▓', '█'};
  private static final int PART_WIDTH = 8;
  private static final int STRIP_HEIGHT = 24;

  private final long sizeBytes;
  private final long[] allocated;
  private final long[] changed;

  /**
   * @param sizeBytes of the volume, more than 0
   * @param parts how many columns it has
   */
  public HeatStrip(long sizeBytes, int parts) {
    if (sizeBytes <= 0 || parts <= 0) {
      throw new IllegalArgumentException(sizeBytes + " bytes in " + parts + " parts");
    }
    this.sizeBytes = sizeBytes;
    this.allocated = new long[parts];
    this.changed = new long[parts];
  }

  public void addAllocated(Extent extent) {
    add(allocated, extent);
  }

  public void addChanged(Extent extent) {
    add(changed, extent);
  }

  private void add(long[] parts, Extent extent) {
    long from = Math.min(extent.offset(), sizeBytes);
    long end = Math.min(extent.end(), sizeBytes);
    for (int part = partOf(from); from < end; part++) {
      long until = Math.min(end, begin(part + 1));
      parts[part] += until - from;
      from = until;
    }
  }

  private int partOf(long offset) {
    int part = (int) ((double) offset / sizeBytes * allocated.length);
    while (part > 0 && begin(part) > offset) {
      part--;
    }
    while (part < allocated.length - 1 && begin(part + 1) <= offset) {
      part++;
    }
    return part;
  }

  /** Without overflow at any size: the quotient and the remainder are spread apart. */
  private long begin(int part) {
    long parts = allocated.length;
    return sizeBytes / parts * part + sizeBytes % parts * part / parts;
  }

  private double share(long[] parts, int part) {
    long length = begin(part + 1) - begin(part);
    return length == 0 ? 0 : (double) parts[part] / length;
  }

  /** One character for each part; the smallest allocation shows. */
  public String allocatedText() {
    return text(allocated);
  }

  /** One character for each part; the smallest change shows. */
  public String changedText() {
    return text(changed);
  }

  private String text(long[] parts) {
    StringBuilder text = new StringBuilder();
    for (int part = 0; part < parts.length; part++) {
      text.append(SHADES[(int) Math.ceil(share(parts, part) * (SHADES.length - 1))]);
    }
    return text.toString();
  }

  /**
   * The strip as an SVG group: allocated in grey above, changed in red below.
   *
   * @param y of its upper edge, in pixels
   * @param title shown when the mouse is over it
   */
  public String svg(int y, String title) {
    StringBuilder svg = new StringBuilder();
    svg.append("<g><title>").append(escape(title)).append("</title>\n");
    for (int part = 0; part < allocated.length; part++) {
      rectangle(svg, part, y, "#444", share(allocated, part));
      rectangle(svg, part, y + STRIP_HEIGHT / 2, "#c00", share(changed, part));
    }
    return svg.append("</g>\n").toString();
  }

  private static void rectangle(StringBuilder svg, int part, int y, String colour, double share) {
    if (share > 0) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" opacity=\"%.2f\"/>%n",
              part * PART_WIDTH,
              y,
              PART_WIDTH,
              STRIP_HEIGHT / 2,
              colour,
              Math.max(0.15, share)));
    }
  }

  /** Width of a picture, in pixels. */
  public static int width(int parts) {
    return parts * PART_WIDTH;
  }

  /** Height of a strip, in pixels. */
  public static int height() {
    return STRIP_HEIGHT;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
