package io.blockmover.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Logs to standard error, in code rather than XML because that starts faster. Found by Logback as a
 * service.
 */
public final class LogConfiguration extends ContextAwareBase implements Configurator {

  /** Libraries whose warnings are noise to a user, and what of them is none. */
  private static final Map<String, Level> OTHERS =
      Map.of(
          "io.netty", Level.ERROR,
          // Of v1beta1, which is all there is of changed block tracking.
          "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils", Level.ERROR,
          "software.amazon.awssdk", Level.ERROR,
          "org.apache.http", Level.ERROR);

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Level level = Level.toLevel(System.getProperty(LogLevels.PROPERTY), Level.WARN);
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("mover: %-5level %msg%n%rootException{short}");
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    context.getLogger("io.blockmover").setLevel(level);
    boolean all = Level.DEBUG.isGreaterOrEqual(level);
    OTHERS.forEach((name, quiet) -> context.getLogger(name).setLevel(all ? Level.INFO : quiet));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
