package io.blockmover.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A share of a whole: 5%, or unlimited, which is all of it. */
final class ShareConverter implements ITypeConverter<Double> {

  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2}(?:\\.[0-9]{1,3})?|100)%?");

  @Override
  public Double convert(String text) {
    if (text.equals("unlimited")) {
      return 1.0;
    }
    Matcher matcher = PERCENT.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is no share: write 5%, 12.5% or unlimited");
    }
    return Double.parseDouble(matcher.group(1)) / 100;
  }
}
