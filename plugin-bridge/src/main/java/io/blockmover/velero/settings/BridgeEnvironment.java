package io.blockmover.velero.settings;

/**
 * Where the controller runs.
 *
 * @param namespace Velero's, where all objects of ours are made
 * @param image of the mover's pods
 * @param podServiceAccount what they run as
 * @param identity of this controller's process, for people and for the election
 */
public record BridgeEnvironment(
    String namespace, String image, String podServiceAccount, String identity) {}
