/**
 * Configuration as a value: one YAML file in, one immutable {@link
 * io.tagstream.launcher.config.TagstreamConfig} out, or every mistake in the file at once.
 *
 * <p>A {@link io.tagstream.launcher.config.Setting} holds key, type, default, description and rules
 * together; the reference page is written from the same values. Nothing of the environment is read
 * here, and no job is built.
 */
@NullMarked
package io.tagstream.launcher.config;

import org.jspecify.annotations.NullMarked;
