/**
 * Published profiles: how they are subscribed to, and how they are shown.
 *
 * <p>In: a configuration. Out: a subscriber's settings, and profiles in words. Nothing of Flink may
 * enter.
 */
@NullMarked
package io.tagstream.launcher.profiles;

import org.jspecify.annotations.NullMarked;
