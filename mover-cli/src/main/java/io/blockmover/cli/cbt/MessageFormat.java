package io.blockmover.cli.cbt;

import io.blockmover.cbt.k8s.MetadataMessage;

/** How a list is printed: byte for byte as the reference lister does. */
public enum MessageFormat {
  TABLE {
    @Override
    public String text(MetadataMessage message) {
      StringBuilder text = new StringBuilder(message.number() == 1 ? HEADER : "");
      for (int entry = 0; entry < message.entries(); entry++) {
        right(text, Integer.toString(message.number()), 7).append(' ');
        right(text, Long.toString(message.capacityBytes()), 14).append(' ');
        right(text, type(message.type()), 17).append(' ');
        right(text, Long.toString(message.offset(entry)), 14).append(' ');
        right(text, Long.toString(message.sizeBytes(entry)), 14).append('\n');
      }
      return text.toString();
    }

    @Override
    public String end(boolean empty) {
      return "";
    }
  },
  JSON {
    @Override
    public String text(MetadataMessage message) {
      StringBuilder text = new StringBuilder(message.number() == 1 ? "[" : ",");
      text.append("{\"block_metadata_type\":").append(message.type());
      text.append(",\"volume_capacity_bytes\":").append(message.capacityBytes());
      text.append(",\"block_metadata\":").append(message.entries() == 0 ? "null" : "[");
      for (int entry = 0; entry < message.entries(); entry++) {
        text.append(entry == 0 ? "{" : ",{");
        long offset = message.offset(entry);
        long size = message.sizeBytes(entry);
        // Zeros are left out, as the reference's library does.
        if (offset != 0) {
          text.append("\"byte_offset\":").append(offset).append(size == 0 ? "" : ",");
        }
        if (size != 0) {
          text.append("\"size_bytes\":").append(size);
        }
        text.append('}');
      }
      return text.append(message.entries() == 0 ? "}" : "]}").toString();
    }

    @Override
    public String end(boolean empty) {
      return empty ? "[]" : "]";
    }
  };

  private static final String HEADER =
      """
      Record#   VolCapBytes  BlockMetadataType   ByteOffset     SizeBytes
      ------- -------------- ----------------- -------------- --------------
      """;

  /** A message; what comes after it is appended as it is. */
  public abstract String text(MetadataMessage message);

  /**
   * What follows the last message of a list that is complete.
   *
   * @param empty whether there was none
   */
  public abstract String end(boolean empty);

  private static StringBuilder right(StringBuilder text, String word, int width) {
    return text.repeat(' ', Math.max(0, width - word.length())).append(word);
  }

  private static String type(int type) {
    return switch (type) {
      case 0 -> "UNKNOWN";
      case MetadataMessage.FIXED_LENGTH -> "FIXED_LENGTH";
      case MetadataMessage.VARIABLE_LENGTH -> "VARIABLE_LENGTH";
      default -> Integer.toString(type);
    };
  }
}
