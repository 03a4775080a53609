package io.blockmover.velero.settings;

import io.blockmover.velero.location.Domain;
import io.blockmover.velero.location.LocationSettings;
import java.time.Duration;
import java.util.Map;

/**
 * What an administrator may set. All of it has defaults but the password's Secret, whose name has.
 *
 * @param dataMover the name that Velero's users give
 * @param dedupDomain what of a location shares chunks
 * @param locations where the repositories' password is
 * @param prepareTimeout from acceptance until a pod moves bytes
 * @param podRestarts how often a pod that died without a word is replaced
 * @param exposeAs class of the Block claim that is made of a snapshot, by the class of its source;
 *     the same where none is named
 * @param ignoreDelayBinding restores into classes that make volumes where their pods run
 *     (WaitForFirstConsumer) wait for no pod: the volume is made wherever mover's pod happens to be
 */
public record BridgeSettings(
    String dataMover,
    Domain.Scope dedupDomain,
    LocationSettings locations,
    Duration prepareTimeout,
    int podRestarts,
    Map<String, String> exposeAs,
    boolean ignoreDelayBinding,
    Concurrency concurrency,
    PodSettings pods) {

  /** What holds where nothing is set. */
  public static final BridgeSettings STANDARD =
      new BridgeSettings(
          "blockmover",
          Domain.Scope.REPOSITORY,
          new LocationSettings("blockmover-repository", LocationSettings.DEFAULT_PASSWORD_KEY),
          Duration.ofMinutes(30),
          3,
          Map.of(),
          false,
          Concurrency.STANDARD,
          PodSettings.STANDARD);

  public BridgeSettings {
    exposeAs = Map.copyOf(exposeAs);
  }
}
