package io.blockmover.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Which program this is. */
final class Version implements IVersionProvider {

  /** The program's version, as the build wrote it into the jar. */
  static String program() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** Everything that is worth knowing in a report of a fault. */
  static Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("mover", program());
    details.put("format", "1");
    details.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    details.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    details.put("architecture", System.getProperty("os.arch"));
    return details;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"mover " + program()};
  }
}
