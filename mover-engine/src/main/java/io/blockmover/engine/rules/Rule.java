package io.blockmover.engine.rules;

import io.blockmover.engine.backup.TrackingOptions;
import java.util.List;

/**
 * One rule.
 *
 * @param trackers names, in the order in which they are asked
 * @param deepestClone volumes that are deeper clones have no changes asked for
 */
record Rule(
    String name,
    RuleMatch match,
    List<String> trackers,
    TrackingOptions options,
    BaseRetention baseRetention,
    int deepestClone) {}
