package io.blockmover.cli;

import io.blockmover.cli.output.Sizes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes such as {@code 20M}; a number without a unit is refused, tools differ on it. */
final class RateConverter implements ITypeConverter<Long> {

  @Override
  public Long convert(String text) {
    try {
      long bytes = Sizes.parse(text);
      if (text.matches("[0-9.]+") && bytes != 0) {
        throw new TypeConversionException(
            "'" + text + "' has no unit: write " + text + "K, " + text + "M or " + text + "B");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
